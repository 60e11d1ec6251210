package merge_test

import (
	"slices"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/exercises/merge"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[mergeFunc]{
		{
			Name: "sends the newest first", Case: "arrives",
			Message: "two lines have come, and a message between them",
			Subject: wrong(fault{newestFirst: true}),
		},
		{
			Name: "takes an empty line for the end", Case: "empty-line",
			Message: "an empty line has come, or something behind one",
			Subject: wrong(fault{emptyEnds: true}),
		},
		{
			Name: "leaves out empty lines", Case: "empty-line",
			Message: "an empty line has come",
			Subject: wrong(fault{skipsEmpty: true}),
		},
		{
			Name: "ends when the first channel does", Case: "one-closed",
			Message: "does not receive",
			Subject: wrong(fault{firstEnds: true}),
		},
		{
			Name: "passes on what a closed channel gives", Case: "one-closed",
			Message: "Merge does not receive", Sometimes: []string{"stops"},
			Subject: wrong(fault{zeroes: true}),
		},
		{
			Name: "leaves the case of a closed channel on", Case: "rests",
			Message: "keeps the processor busy",
			Subject: wrong(fault{spins: true}),
		},
		{
			Name: "looks everywhere again and again, with a default", Case: "rests",
			Message: "keeps the processor busy",
			Subject: polls,
		},
		{
			Name: "receives one, sends it, and receives the next", Case: "room",
			Message: "nobody receives from out: how many events has Merge taken?",
			Subject: wrong(fault{holds: 1}),
		},
		{
			Name: "holds all that comes", Case: "room",
			Message: "nobody receives from out: how many events has Merge taken?",
			Subject: wrong(fault{holds: 1000}),
		},
		{
			Name: "throws the oldest away when it is full", Case: "room",
			Message: "nobody receives from out: how many events has Merge taken?",
			Subject: wrong(fault{overwrites: true}),
		},
		{
			Name: "turns off only one of the two when it is full", Case: "room",
			Message: "from both channels, and takes one more",
			Subject: wrong(fault{onlyLinesOff: true}),
		},
		{
			Name: "returns when both are closed, with something in its hands", Case: "ends",
			Message: "three events were held when both channels were closed",
			Subject: wrong(fault{dropsRest: true}),
		},
		{
			Name: "leaves out open", Case: "ends",
			Message: "out is still open",
			Subject: wrong(fault{leavesOpen: true}),
		},
		{
			Name: "does not look at stop", Case: "stops",
			Message: "stop was closed while nothing happened",
			Subject: wrong(fault{ignoresStop: true}),
		},
		{
			Name: "sends outside of the select", Case: "stops-slow",
			Message: "events are held, nobody receives, and stop is closed",
			Subject: wrong(fault{sendsFullOutside: true}),
		},
		{
			Name: "sends the rest outside of the select when both are closed", Case: "stops-slow",
			Message: "(lines and messages are closed: true)",
			Subject: wrong(fault{sendsRestOutside: true}),
		},
		{
			Name: "sends what it holds before it stops", Case: "stops-slow",
			Message: "Merge has not returned",
			Subject: wrong(fault{sendsBeforeStop: true}),
		},
		{
			Name: "stops with something in its hands, and says nothing of it", Case: "stops-slow",
			Message: "what does Merge return?",
			Subject: wrong(fault{forgetsUnsent: true}),
		},
		{
			Name: "takes an event out of its hands before it was sent", Case: "nothing-lost",
			Message: "what has it received from one of its channels",
			Subject: wrong(fault{takesOutFirst: true}),
		},
	}, lesson.JudgeInBubble[mergeFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	newestFirst, emptyEnds, skipsEmpty, firstEnds, zeroes, spins, overwrites, onlyLinesOff, dropsRest bool
	leavesOpen, ignoresStop, sendsFullOutside, sendsRestOutside, sendsBeforeStop, forgetsUnsent       bool
	takesOutFirst                                                                                     bool

	holds int // 0: Room
}

// wrong is right but for its fault.
func wrong(f fault) mergeFunc {
	return func(stop <-chan struct{}, lines, messages <-chan string, out chan<- merge.Event) []merge.Event {
		a := &answer{fault: f, lines: lines, messages: messages, out: out}
		if a.holds == 0 {
			a.holds = merge.Room
		}
		if !f.leavesOpen {
			defer close(out)
		}
		if f.ignoresStop {
			stop = nil
		}
		for !a.over() {
			if a.round(stop) {
				return a.left()
			}
		}
		if f.sendsRestOutside {
			for _, e := range a.held {
				out <- e
			}
		}
		return nil
	}
}

type answer struct {
	fault
	lines, messages         <-chan string
	linesEnded, messagesEnd bool
	out                     chan<- merge.Event
	held                    []merge.Event
}

func (a *answer) over() bool {
	ended := a.linesEnded && a.messagesEnd || a.firstEnds && (a.linesEnded || a.messagesEnd)
	return ended && (len(a.held) == 0 || a.dropsRest || a.sendsRestOutside)
}

// round is one select. It reports whether stop was closed.
func (a *answer) round(stop <-chan struct{}) (stopped bool) {
	typed, said := a.lines, a.messages
	if len(a.held) >= a.holds && !a.overwrites {
		typed = nil
		if !a.onlyLinesOff {
			said = nil
		}
		if a.sendsFullOutside {
			a.out <- a.held[0]
			a.held = a.held[1:]
			return false
		}
	}
	var send chan<- merge.Event
	var next merge.Event
	i := 0
	if len(a.held) > 0 {
		if a.newestFirst {
			i = len(a.held) - 1
		}
		send, next = a.out, a.held[i]
	}
	if a.takesOutFirst && next.Text != "" {
		a.held = slices.Delete(a.held, i, i+1)
	}
	select {
	case text, ok := <-typed:
		a.putBack(next)
		a.received(merge.Event{Typed: true, Text: text}, ok, &a.lines, &a.linesEnded)
	case text, ok := <-said:
		a.putBack(next)
		a.received(merge.Event{Text: text}, ok, &a.messages, &a.messagesEnd)
	case send <- next:
		if !a.takesOutFirst {
			a.held = slices.Delete(a.held, i, i+1)
		}
	case <-stop:
		return true
	}
	return false
}

// putBack takes back what was not sent.
func (a *answer) putBack(e merge.Event) {
	if a.takesOutFirst && e.Text != "" {
		a.held = slices.Insert(a.held, 0, e)
	}
}

func (a *answer) received(e merge.Event, ok bool, from *<-chan string, ended *bool) {
	switch {
	case !ok && a.zeroes && len(a.held) < a.holds:
		a.held = append(a.held, e)
	case !ok, a.emptyEnds && e.Text == "":
		*ended = true
		if !a.spins {
			*from = nil
		}
	case a.skipsEmpty && e.Text == "":
	default:
		if a.overwrites && len(a.held) == a.holds {
			a.held = slices.Delete(a.held, 0, 1)
		}
		a.held = append(a.held, e)
	}
}

// left is what Merge returns when it was stopped.
func (a *answer) left() []merge.Event {
	if a.sendsBeforeStop {
		for _, e := range a.held {
			a.out <- e
		}
		return nil
	}
	if a.forgetsUnsent {
		return nil
	}
	return a.held
}

// polls is a Merge without a moment's rest.
func polls(stop <-chan struct{}, lines, messages <-chan string, out chan<- merge.Event) (held []merge.Event) {
	defer close(out)
	for lines != nil || messages != nil || len(held) > 0 {
		if len(held) > 0 {
			select {
			case out <- held[0]:
				held = held[1:]
			default:
			}
		}
		if len(held) < merge.Room {
			select {
			case text, ok := <-lines:
				if !ok {
					lines = nil
					break
				}
				held = append(held, merge.Event{Typed: true, Text: text})
			case text, ok := <-messages:
				if !ok {
					messages = nil
					break
				}
				held = append(held, merge.Event{Text: text})
			default:
			}
		}
		select {
		case <-stop:
			return held
		default:
		}
	}
	return nil
}
