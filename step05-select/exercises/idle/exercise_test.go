package idle_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/exercises/idle"
)

type loopFunc func(lines, messages <-chan string, say, write func(text string)) error

const question = idle.Question

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, loopFunc(idle.Loop), lesson.JudgeInBubble[loopFunc])
}

var cases = []lesson.Case[loopFunc]{
	{
		Name: "talk", Rule: "each line is said, each message written, and when lines is closed Loop returns nil", Source: "selectloop",
		Hint: "a closed channel gives empty strings for ever: look at the second value",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			c.at(time.Second)
			c.types("hello")
			c.hears("hello, Ann")
			c.types("")
			c.hears("bye")
			c.at(2 * time.Second)
			c.leave()
			c.wants("the client says something, the room says something, twice, and then the client leaves",
				"1s say hello", "1s write hello, Ann", "1s say ", "1s write bye", "2s return <nil>")
		},
	},
	{
		Name: "asked", Rule: "when nothing has come for Idle, the client is asked, neither earlier nor later", Source: "RFC 1122 section 4.2.3.6, keep-alives",
		Hint: "count from the last line: a ticker that beats every minute counts from somewhere else",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			c.at(idle.Idle - time.Millisecond)
			c.wants("nothing has come for a millisecond less than Idle")
			c.at(idle.Idle)
			c.wants("nothing has come for Idle", "1m0s write "+question)

			c = start(t, loop, 0)
			c.at(40 * time.Second)
			c.types("hello")
			c.at(40*time.Second + idle.Idle - time.Millisecond)
			c.wants("a line has come after 40 s, and nothing for a millisecond less than Idle", "40s say hello")
			c.at(40*time.Second + idle.Idle)
			c.wants("a line has come after 40 s, and nothing since", "40s say hello", "1m40s write "+question)
		},
	},
	{
		Name: "cut", Rule: "when nothing has come for Ask after the question, Loop returns ErrSilent", Source: "session: three pings without an answer",
		Hint: "two times with one timer: remember which of the two it is that runs",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			c.at(idle.Idle + idle.Ask - time.Millisecond)
			c.wants("the client was asked, a millisecond less than Ask ago", "1m0s write "+question)
			c.at(10 * idle.Idle)
			c.wants("the client says nothing, ever", "1m0s write "+question, "1m10s return "+idle.ErrSilent.Error())
		},
	},
	{
		Name: "answers", Rule: "who answers has Idle again, and will be asked again", Source: "session: three pings without an answer",
		Hint: "a line undoes everything: it begins Idle, and forgets the question",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			for range 2 {
				c.at(time.Since(c.began) + idle.Idle + idle.Ask/2)
				c.types("yes")
			}
			c.at(10 * idle.Idle)
			c.wants("the client answers after 5 s, is silent, is asked again and answers after 5 s, and then it says nothing more",
				"1m0s write "+question, "1m5s say yes", "2m5s write "+question, "2m10s say yes",
				"3m10s write "+question, "3m20s return "+idle.ErrSilent.Error())
		},
	},
	{
		Name: "talks", Rule: "who says something in time is never asked", Source: "examples/timers, untilSilent",
		Hint: "a timer that is made before the loop and never Reset limits the whole",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			for range 3 {
				c.at(time.Since(c.began) + idle.Idle - time.Second)
				c.types("I am here")
			}
			c.wants("the client says something every 59 s", "59s say I am here", "1m58s say I am here", "2m57s say I am here")
		},
	},
	{
		Name: "messages-do-not-count", Rule: "what is written to a client is no sign of life", Source: "RFC 9293: a write succeeds as long as the buffer has room",
		Hint: "time.After in the select begins anew in each round, whatever has ended the last one",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			for d := 900 * time.Millisecond; d < idle.Idle+idle.Ask; d += 900 * time.Millisecond {
				c.at(d)
				c.hears("blah")
			}
			c.at(10 * idle.Idle)
			lesson.Rest(t)
			var rest []string
			for _, entry := range c.soFar() {
				if !strings.HasSuffix(entry, " blah") {
					rest = append(rest, entry)
				}
			}
			require.Equal(t, []string{"1m0s write " + question, "1m10s return " + idle.ErrSilent.Error()}, rest,
				"the client says nothing, and the room says something every 900 ms: what has happened besides?")
		},
	},
	{
		Name: "flood", Rule: "a flood of messages does not keep Loop from looking at the time", Source: "examples/starvation",
		Hint: "one select with three cases is fair; a loop in it that takes all messages is not",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 10*time.Millisecond)
			flood, over := make(chan struct{}), make(chan struct{})
			t.Cleanup(func() { close(over); <-flood })
			go func() {
				defer close(flood)
				for {
					select {
					case c.messages <- "blah":
					case <-over:
						return
					}
				}
			}()
			c.at(idle.Idle + idle.Ask + 2*time.Second) // lots are drawn, so it takes a few messages more
			log := c.soFar()
			require.Contains(t, log[len(log)-1], "return "+idle.ErrSilent.Error(),
				"there is always a message to be written, and the client has said nothing for 72 s: what was the last thing that happened?")
		},
	},
	{
		Name: "answer-waits", Rule: "a line that has come in time counts, also if Loop was busy until the time was over", Source: "The Go Programming Language Specification, Select statements",
		Hint: "the time is over: before you believe it, look whether there is a line, by a select with a default",
		Check: func(t lesson.T, loop loopFunc) {
			for range 20 { // select draws lots
				c := start(t, loop, 15*time.Second)
				c.typesAt(idle.Idle-time.Second, "I am here")
				c.at(idle.Idle - 5*time.Second)
				c.hears("long")
				c.at(idle.Idle + 20*time.Second)
				c.wants("a message takes 15 s to write. Meanwhile a line comes, and then Idle is over", "55s write long", "1m10s say I am here")

				c.at(130 * time.Second) // asked
				lesson.Rest(t)
				c.typesAt(138*time.Second, "yes")
				c.at(135 * time.Second)
				c.hears("long, too")
				c.at(160 * time.Second)
				c.wants("a message takes 15 s to write. Meanwhile the client answers, and then Ask is over",
					"55s write long", "1m10s say I am here", "2m10s write "+question, "2m15s write long, too", "2m30s say yes")
				c.leave()
			}
		},
	},
	{
		Name: "room-ends", Rule: "when messages is closed, Loop goes on without, and rests", Source: "examples/nilchannel",
		Hint: "messages = nil switches the case off",
		Check: func(t lesson.T, loop loopFunc) {
			c := start(t, loop, 0)
			close(c.messages)
			c.wants("messages is closed, and nothing else happens")
			c.types("hello")
			c.at(idle.Idle)
			c.wants("messages is closed, the client says something, and then nothing", "0s say hello", "1m0s write "+question)
		},
	},
	{
		Name: "one-timer", Rule: "the timer is made once", Source: "time.Timer.Reset",
		Hint: "time.After and time.NewTimer make a timer each time: make it before the loop, and Reset it",
		Check: func(t lesson.T, loop loopFunc) {
			const rounds = 1000
			c := start(t, loop, 0)
			c.mu.Lock()
			c.silent = true
			c.mu.Unlock()
			var before, after runtime.MemStats
			for range 2 { // the first time warms up
				runtime.ReadMemStats(&before)
				for range rounds {
					c.lines <- "a line"
					c.messages <- "a message"
				}
				lesson.Rest(t)
				runtime.ReadMemStats(&after)
			}
			made := int(after.Mallocs - before.Mallocs)
			require.Less(t, made, rounds, "%d lines and as many messages have come: how many objects were allocated? A timer is two of them", rounds)
		},
	},
}
