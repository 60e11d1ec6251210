package selectfuture_test

import (
	"io"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step05-select/exercises/selectfuture"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[newFunc]{
		{
			Name: "leaves out empty messages", Case: "handles",
			Message: "each when the task was waiting",
			Subject: wrong(fault{emptyIsNothing: true}),
		},
		{
			Name: "waits for a line before it looks for messages", Case: "pending-is-a-promise",
			Message: "who wakes the task when a message comes?",
			Subject: wrong(fault{linesOnly: true}),
		},
		{
			Name: "keeps the first Poll's Context", Case: "pending-is-a-promise",
			Message: "the waker that Lines has is not that of this Poll",
			Subject: wrong(fault{keepsContext: true}),
		},
		{
			Name: "registers once, in its first Poll", Case: "pending-is-a-promise",
			Message: "the waker that Messages has is not that of this Poll",
			Subject: wrong(fault{waitsOnce: true}),
		},
		{
			Name: "looks, then registers", Case: "second-look",
			Message: "though a message is there: nobody will be woken for it",
			Subject: wrong(fault{looksOnce: true}),
		},
		{
			Name: "takes all that there is", Case: "turn",
			Message: "again and again, in one Poll",
			Subject: wrong(fault{noLimit: true}),
		},
		{
			Name: "returns after a turn, and forgets to wake itself", Case: "turn",
			Message: "Poll has returned pending",
			Subject: wrong(fault{noWake: true}),
		},
		{
			Name: "counts only lines", Case: "turn",
			Message: "again and again, in one Poll",
			Subject: wrong(fault{countsLines: true}),
		},
		{
			Name: "a turn for each of the two", Case: "turn",
			Message: "there are always lines and messages: how many has one Poll handled?",
			Subject: wrong(fault{twoTurns: true}),
		},
		{
			Name: "lines first, always", Case: "fair",
			Message: "no message was written",
			Subject: wrong(fault{linesFirst: true}),
		},
		{
			Name: "messages first, always", Case: "fair",
			Message: "no line was said",
			Subject: wrong(fault{messagesFirst: true}),
		},
		{
			Name: "wakes itself in each Poll", Case: "quiet",
			Message: "nothing has come, and Poll has woken itself so often",
			Subject: wrong(fault{wakesAlways: true}),
		},
		{
			Name: "wakes itself whenever it has handled something", Case: "quiet",
			Message: "all that had come was handled, and Poll has woken itself so often",
			Subject: wrong(fault{wakesIfBusy: true}),
		},
		{
			Name: "returns io.EOF as it comes", Case: "ends",
			Message: "what has Poll returned?",
			Subject: wrong(fault{plainEOF: true}),
		},
		{
			Name: "leaves Messages open at the end", Case: "ends",
			Message: "how often were Lines and Messages closed?",
			Subject: wrong(fault{roomStaysOpen: true}),
		},
		{
			Name: "has an empty Cancel", Case: "cancel",
			Message: "how often were Lines and Messages closed?",
			Subject: wrong(fault{noCancel: true}),
		},
		{
			Name: "closes in Cancel only what it has polled", Case: "cancel",
			Message: "cancelled before its first Poll",
			Subject: wrong(fault{cancelsPolled: true}),
		},
		{
			Name: "goes on after its end", Case: "over",
			Message: "Poll was called again after it was ready",
			Subject: wrong(fault{goesOn: true}),
		},
	}, lesson.JudgeInBubble[newFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	emptyIsNothing, linesOnly, keepsContext, waitsOnce, looksOnce, noLimit, noWake, countsLines, twoTurns bool
	linesFirst, messagesFirst, wakesAlways, wakesIfBusy, plainEOF, roomStaysOpen, noCancel, cancelsPolled bool
	goesOn                                                                                                bool
}

func wrong(f fault) newFunc {
	return func(lines selectfuture.Lines, messages selectfuture.Messages, say, write func(text string)) client {
		return &answer{fault: f, lines: lines, messages: messages, say: say, write: write}
	}
}

// An answer is right but for its fault. It registers with the room first, and then looks: so one look is enough.
type answer struct {
	fault
	lines      selectfuture.Lines
	messages   selectfuture.Messages
	say, write func(text string)
	polls      int
	cx         *future.Context
	over       bool
	err        error

	said, written int // in this Poll
}

func (a *answer) Poll(cx *future.Context) (err error, ready bool) {
	if a.over && !a.goesOn {
		panic(future.PolledAfterReady)
	}
	if a.over {
		return a.err, true
	}
	a.polls++
	a.said, a.written = 0, 0
	if a.keepsContext {
		if a.cx == nil {
			a.cx = cx
		}
		cx = a.cx
	}
	if !a.looksOnce && (!a.waitsOnce || a.polls == 1) && !a.linesOnly {
		a.messages.Wait(cx.Waker())
	}
	if a.wakesAlways {
		cx.Waker().Wake()
	}
	for a.more() {
		first, second := a.pollLine, a.pollMessage
		if a.messagesFirst || (a.said+a.written+a.polls)%2 == 0 && !a.linesFirst {
			first, second = second, first
		}
		if !first(cx) && !a.over && !second(cx) && !a.over {
			if a.wakesIfBusy && a.said+a.written > 0 {
				cx.Waker().Wake()
			}
			if a.looksOnce {
				a.messages.Wait(cx.Waker())
			}
			return nil, false
		}
		if a.over {
			return a.err, true
		}
	}
	if !a.noWake {
		cx.Waker().Wake()
	}
	return nil, false
}

// more reports whether the turn is not used up.
func (a *answer) more() bool {
	switch {
	case a.noLimit:
		return true
	case a.countsLines:
		return a.said < turn
	case a.twoTurns:
		return a.said < turn && a.written < turn
	default:
		return a.said+a.written < turn
	}
}

func (a *answer) pollLine(cx *future.Context) bool {
	line, ready, err := a.lines.PollLine(cx)
	switch {
	case err != nil:
		a.over = true
		if err != io.EOF || a.plainEOF {
			a.err = err
		}
		a.lines.Close()
		if !a.roomStaysOpen {
			a.messages.Close()
		}
	case ready:
		a.said++
		a.say(line)
	}
	return ready
}

func (a *answer) pollMessage(*future.Context) bool {
	if a.linesOnly && a.said == 0 {
		return false
	}
	message, ok := a.messages.Take()
	if ok && !(a.emptyIsNothing && message == "") {
		a.written++
		a.write(message)
	}
	return ok
}

func (a *answer) Cancel() {
	if a.noCancel || a.cancelsPolled && a.polls == 0 {
		return
	}
	a.over = true
	a.lines.Close()
	a.messages.Close()
}
