//go:build !solution

package selectfuture

import (
	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A Client is a Future that hands each line to say, and each message to write. It is ready when the user has
// finished, with nil, or with the error of PollLine.
type Client struct {
	lines      Lines
	messages   Messages
	say, write func(text string)
}

// New returns a Client. It owns lines and messages: it closes both when it is ready or cancelled.
func New(lines Lines, messages Messages, say, write func(text string)) *Client {
	return &Client{lines: lines, messages: messages, say: say, write: write}
}

// Poll handles lines and messages as long as there are any, and no more than Turn of them.
//
//   - Neither starves: when there is always a line and always a message, both are handled, by turns for example.
//   - After Turn of them it wakes itself and returns pending: it comes again behind the other tasks.
//   - When there is nothing it returns pending, and both know the waker of this Poll. It does not wake itself
//     then. A message that came after the look and before Wait would wake nobody, so look once more after Wait.
//   - Both are closed, once, before Poll is ready. After that Poll panics with future.PolledAfterReady.
func (c *Client) Poll(cx *future.Context) (err error, ready bool) {
	panic(lesson.ErrNotStarted)
}

// Cancel closes both. It is called instead of the next Poll, and perhaps before the first one.
func (c *Client) Cancel() {
}
