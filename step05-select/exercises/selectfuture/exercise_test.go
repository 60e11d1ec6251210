package selectfuture_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step05-select/exercises/selectfuture"
)

const turn = selectfuture.Turn

var errReset = errors.New("connection reset by peer")

func TestExercise(t *testing.T) {
	newClient := func(lines selectfuture.Lines, messages selectfuture.Messages, say, write func(text string)) client {
		return selectfuture.New(lines, messages, say, write)
	}
	lesson.Grade(t, cases, newClient, lesson.JudgeInBubble[newFunc])
}

var cases = []lesson.Case[newFunc]{
	{
		Name: "pending-is-a-promise", Rule: "a Poll that returns pending has told its waker to both, whoever has polled before", Source: "future.Future",
		Hint: "Wait and PollLine in each Poll that finds nothing, with the waker of its cx: it may be another task's now",
		Check: func(t lesson.T, newClient newFunc) {
			w := newWorld(t, newClient)
			for range 3 {
				w.poll() // which looks who was told
			}
			w.user.types("hello")
			w.poll()
			w.room.says("hello")
			w.poll()
			w.poll()
			w.wants("a line has come, and a message, and between them the task was polled for nothing", "say hello", "write hello")
		},
	},
	{
		Name: "handles", Rule: "each line is said, each message written, whenever they come", Source: "pollloop",
		Hint: "whoever has woken you: look at both",
		Check: func(t lesson.T, newClient newFunc) {
			m := executor.NewManual(nil)
			defer m.Shutdown()
			w := newWorld(t, newClient)
			executor.Spawn(m, future.Future[error](task{w}))
			run(t, m)
			w.user.types("one")
			run(t, m)
			w.room.says("two")
			run(t, m)
			w.user.types("three", "four")
			run(t, m)
			w.room.says("five", "")
			run(t, m)
			w.wants("lines and messages have come, each when the task was waiting", "say one", "write two", "say three", "say four", "write five", "write ")
			w.user.ends(io.EOF)
			run(t, m)
			require.Zero(t, m.Tasks(), "the user has finished: how many tasks are not over?")
		},
	},
	{
		Name: "second-look", Rule: "a message that comes between the look and Wait is not lost", Source: "hub.Member.PollReady; futures::task::AtomicWaker",
		Hint: "Take, Wait, Take: what comes before Wait is seen by the second look, what comes after it wakes",
		Check: func(t lesson.T, newClient newFunc) {
			w := newWorld(t, newClient)
			w.room.behind = []string{"one", "two", "three"}
			for range 8 {
				w.poll()
			}
			w.wants("three messages have come, each just after a Take that has found nothing", "write one", "write two", "write three")
		},
	},
	{
		Name: "turn", Rule: "one Poll handles no more than Turn, and then the task wakes itself", Source: "tokio: task::coop; pollloop",
		Hint: "count both together; and who returns pending without having waited for anything must call the waker itself",
		Check: func(t lesson.T, newClient newFunc) {
			for _, source := range []string{"lines", "messages", "lines and messages"} {
				w := newWorld(t, newClient)
				w.user.endless = strings.Contains(source, "lines")
				w.room.endless = strings.Contains(source, "messages")
				for range 3 {
					handled, waker, ready, _ := w.poll()
					require.False(t, ready, "there are always %s, and Poll is ready", source)
					require.LessOrEqual(t, len(handled), turn, "there are always %s: how many has one Poll handled?", source)
					require.NotEmpty(t, handled, "there are always %s: how many has one Poll handled?", source)
					require.NotZero(t, waker.Wakes(), "there are always %s, and Poll has returned pending without a wake", source)
				}
			}
			w := newWorld(t, newClient)
			w.user.types(strings.Fields(strings.Repeat("line ", 3*turn))...)
			for range 3 {
				w.poll()
			}
			require.Len(t, w.log, 3*turn, "three turns of lines were there: how many were said in three Polls?")
		},
	},
	{
		Name: "fair", Rule: "when there is always a line and always a message, neither starves", Source: "examples/starvation; The Go Programming Language Specification, Select statements",
		Hint: "let them take turns in being first; an order that is always the same is fair only if nobody uses up the turn",
		Check: func(t lesson.T, newClient newFunc) {
			const polls, budget = 100, 128
			for _, operations := range []int{budget, 1} {
				w := newWorld(t, newClient)
				w.user.endless, w.room.endless = true, true
				cx := future.NewContext(nil)
				for range polls {
					cx.Renew(new(futuretest.Waker), operations) // as an executor does
					w.Poll(cx)
				}
				lines := 0
				for _, entry := range w.log {
					if strings.HasPrefix(entry, "say ") {
						lines++
					}
				}
				messages := len(w.log) - lines
				require.NotZero(t, lines, "both had always something, and of %d events no line was said (budget: %d)", len(w.log), operations)
				require.NotZero(t, messages, "both had always something, and of %d events no message was written (budget: %d)", len(w.log), operations)
				if operations == budget {
					require.GreaterOrEqual(t, min(lines, messages), len(w.log)/4, "both had always something: %d lines, %d messages", lines, messages)
				}
			}
		},
	},
	{
		Name: "quiet", Rule: "who waits does not wake itself", Source: "future.Waker",
		Hint: "wake only when a turn is used up: if there was nothing more, the others will do it",
		Check: func(t lesson.T, newClient newFunc) {
			w := newWorld(t, newClient)
			_, waker, _, _ := w.poll()
			require.Zero(t, waker.Wakes(), "nothing has come, and Poll has woken itself so often")
			w.user.types("one", "two")
			w.room.says("three")
			handled, waker, _, _ := w.poll()
			require.Len(t, handled, 3, "two lines and a message were there: how many has one Poll handled?")
			require.Zero(t, waker.Wakes(), "all that had come was handled, and Poll has woken itself so often")
		},
	},
	{
		Name: "ends", Rule: "when the user has finished, Poll is ready with nil, after a failure with its error; by then both are closed", Source: "future.Future",
		Hint: "one way out for all: close both, remember that it is over, return",
		Check: func(t lesson.T, newClient newFunc) {
			for _, end := range []struct{ comes, want error }{{io.EOF, nil}, {errReset, errReset}} {
				w := newWorld(t, newClient)
				w.poll()
				w.user.types("last words")
				w.user.ends(end.comes)
				_, _, ready, err := w.poll()
				require.True(t, ready, "PollLine has returned %q, and Poll is pending", end.comes)
				require.Equal(t, end.want, err, "PollLine has returned %q: what has Poll returned?", end.comes)
				w.wants("a line has come, and then the end", "say last words")
			}
		},
	},
	{
		Name: "cancel", Rule: "Cancel closes both, once each", Source: "future.Canceler",
		Hint: "nobody else knows them",
		Check: func(t lesson.T, newClient newFunc) {
			w := newWorld(t, newClient)
			w.Cancel()
			require.Equal(t, []int{1, 1}, []int{w.user.closes, w.room.closes}, "it was cancelled before its first Poll: how often were Lines and Messages closed?")

			m := executor.NewManual(nil)
			w = newWorld(t, newClient)
			executor.Spawn(m, future.Future[error](task{w}))
			w.user.types("hello")
			run(t, m)
			m.Shutdown()
			require.Equal(t, []int{1, 1}, []int{w.user.closes, w.room.closes}, "it was cancelled while it was waiting: how often were Lines and Messages closed?")
		},
	},
	{
		Name: "over", Rule: "Poll panics with PolledAfterReady when it has been ready", Source: "future.PolledAfterReady",
		Hint: "remember that it is over",
		Check: func(t lesson.T, newClient newFunc) {
			w := newWorld(t, newClient)
			w.user.ends(io.EOF)
			w.poll()
			require.PanicsWithValue(t, future.PolledAfterReady, func() { w.Poll(future.NewContext(new(futuretest.Waker))) }, "Poll was called again after it was ready")
		},
	},
}
