//go:build !solution

package idle

import "example.com/async/internal/lesson"

// Loop is one client: each line is said, each message written, and silence has an end. One select waits for all. A write may take
// its time, and then the rest waits.
//
//   - When no line has come for Idle, Loop writes Question. When no line has come for Ask after that,
//     it returns ErrSilent.
//   - Any line is a sign of life, an answer too: from the moment when it is received, the client has Idle again, and will be
//     asked again. What is written to a client is no sign of life: perhaps nobody reads it.
//   - A line that has come in time counts, also if Loop was busy until the time was over: a select draws lots
//     between a line and a timer that are both ready. So when the time is over, look once more whether there
//     is a line.
//   - When lines is closed Loop returns nil. When messages is closed it goes on without.
//
// A busy client says thousands of lines. The timer is made once, and Reset: since Go 1.23 that needs no Stop before, and
// nothing of the old time is left in its channel.
func Loop(lines, messages <-chan string, say, write func(text string)) error {
	return lesson.ErrNotStarted
}
