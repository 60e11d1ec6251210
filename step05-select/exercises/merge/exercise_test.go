package merge_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/exercises/merge"
)

type mergeFunc func(stop <-chan struct{}, lines, messages <-chan string, out chan<- merge.Event) (unsent []merge.Event)

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, mergeFunc(merge.Merge), lesson.JudgeInBubble[mergeFunc])
}

var cases = []lesson.Case[mergeFunc]{
	{
		Name: "arrives", Rule: "what comes in leaves, once, in the order in which it came", Source: "examples/nilchannel, queue",
		Hint: "append to the end of what you hold, send the first of it, and take that away when it was sent",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			for i := range 5 {
				a, b, c := typed(fmt.Sprint("line ", i)), said(fmt.Sprint("message ", i)), typed(fmt.Sprint("another line ", i))
				m.give(a, b, c)
				for _, e := range []merge.Event{a, b, c} {
					m.wants(e, "two lines have come, and a message between them")
				}
			}
		},
	},
	{
		Name: "empty-line", Rule: "an empty line is a line", Source: "The Go Programming Language Specification, Receive operator",
		Hint: "only the second value of a receive tells a closed channel from an empty string",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			for _, e := range []merge.Event{typed(""), said(""), typed("hello"), said("hello")} {
				m.give(e)
				m.wants(e, "an empty line has come, or something behind one")
			}
		},
	},
	{
		Name: "one-closed", Rule: "when one channel is closed, the other one goes on", Source: "examples/nilchannel, merge",
		Hint: "the loop ends when both are nil; until then a closed one is a case that is off",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			close(m.lines)
			for range 3 {
				m.give(said("hello"))
				m.wants(said("hello"), "lines is closed, and the room has said hello")
			}
			m = start(t, merges)
			close(m.messages)
			for range 3 {
				m.give(typed("hello"))
				m.wants(typed("hello"), "messages is closed, and the user has typed hello")
			}
		},
	},
	{
		Name: "rests", Rule: "who has nothing to do waits", Source: "examples/nilchannel, spin",
		Hint: "a closed channel is always ready, and so is a default: set the variable of a closed channel to nil",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			lesson.Rest(t) // nobody says anything
			close(m.messages)
			lesson.Rest(t) // nor does the one that is left
			m.give(typed("one"), typed("two"), typed("three"), typed("four"))
			close(m.lines)
			lesson.Rest(t) // nobody receives
			m.wants(typed("one"), "both channels are closed, and four lines are to be sent")
			lesson.Rest(t) // nobody receives any more
		},
	},
	{
		Name: "room", Rule: "while nobody receives, Merge takes Room events, and no more", Source: "chat: a slow reader makes the senders wait, or misses something",
		Hint: "with Room events held, the cases that receive are off; as soon as one was sent they are on",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			taken := 0
			for ; taken < 3*merge.Room; taken++ {
				e := typed(fmt.Sprint(taken))
				e.Typed = taken%2 == 0
				if !m.takes(e) {
					break
				}
			}
			require.Equal(t, merge.Room, taken, "nobody receives from out: how many events has Merge taken?")
			require.False(t, m.takes(typed("more")) || m.takes(said("more")), "Merge has taken Room events, from both channels, and takes one more")
			m.wants(typed("0"), "Room events are held, and now somebody receives")
			m.give(said("one more"))
			require.False(t, m.takes(typed("more")) || m.takes(said("more")), "one event was sent and one taken since Merge was full, and it takes one more")
			for i := 1; i < merge.Room; i++ {
				m.wants(merge.Event{Typed: i%2 == 0, Text: fmt.Sprint(i)}, "the events that Merge held")
			}
			m.wants(said("one more"), "the event that was taken last")
		},
	},
	{
		Name: "ends", Rule: "when both channels are closed, what is held is sent, then out is closed, and Merge returns nil", Source: "examples/nilchannel, queue",
		Hint: "the condition of the loop has three parts",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			close(m.lines)
			close(m.messages)
			require.Empty(t, m.wantsEnd("both channels are closed, and nothing is held"), "everything was sent: what does Merge return?")

			m = start(t, merges)
			events := []merge.Event{typed("one"), said("two"), said("three")}
			m.give(events...)
			close(m.messages)
			close(m.lines)
			for _, e := range events {
				m.wants(e, "three events were held when both channels were closed")
			}
			require.Empty(t, m.wantsEnd("both channels are closed, and all was received"), "everything was sent: what does Merge return?")
		},
	},
	{
		Name: "stops", Rule: "when stop is closed, Merge returns at once and closes out", Source: "CWE-772, missing release of a resource",
		Hint: "stop is one more case of the select, in each round",
		Check: func(t lesson.T, merges mergeFunc) {
			m := start(t, merges)
			lesson.Rest(t)
			m.stops()
			require.Empty(t, m.wantsEnd("stop was closed while nothing happened"), "nothing was held: what does Merge return?")

			m = start(t, merges)
			m.give(typed("hello"))
			m.wants(typed("hello"), "a line has come")
			close(m.lines)
			m.stops()
			require.Empty(t, m.wantsEnd("lines was closed, and then stop was"), "nothing was held: what does Merge return?")
		},
	},
	{
		Name: "stops-slow", Rule: "a stop is also heard while nobody receives, and what is held then is returned", Source: "a send that waits outside of the select",
		Hint: "out <- e alone waits for nothing else: the send is a case of the same select as stop",
		Check: func(t lesson.T, merges mergeFunc) {
			for held := 1; held <= merge.Room; held++ {
				for _, closed := range []bool{false, true} {
					m := start(t, merges)
					events := []merge.Event{typed("one"), said("two"), typed("three"), said("four")}[:held]
					m.give(events...)
					if closed {
						close(m.lines)
						close(m.messages)
						lesson.Rest(t)
					}
					m.stops()
					what := fmt.Sprintf("%d events are held, nobody receives, and stop is closed (lines and messages are closed: %v)", held, closed)
					require.Equal(t, events, m.wantsEnd(what), what+"; what does Merge return?")
				}
			}
		},
	},
	{
		Name: "nothing-lost", Rule: "what Merge has received, it has sent or it returns", Source: "conservation: broadcasttest, stress-conservation",
		Hint:  "a value that was received and not yet sent must be somewhere when stop comes",
		Check: nothingLost,
	},
}

// nothingLost stops Merge in the middle of a conversation, again and again.
func nothingLost(t lesson.T, merges mergeFunc) {
	for round := range 50 {
		m := start(t, merges)
		given := map[bool]chan []string{true: m.talk(m.lines), false: m.talk(m.messages)}
		got := map[bool][]string{}
		for range round {
			e, ok := <-m.out
			require.True(t, ok, "out is closed, though nothing has ended")
			got[e.Typed] = append(got[e.Typed], e.Text)
		}
		m.stops()
		for e := range m.out { // select draws lots between a receiver and a stop
			got[e.Typed] = append(got[e.Typed], e.Text)
		}
		for _, e := range <-m.returned {
			got[e.Typed] = append(got[e.Typed], e.Text)
		}
		for isTyped, source := range given {
			require.Equal(t, <-source, got[isTyped],
				"Merge was stopped after %d events: what has it received from one of its channels (typed: %v), and what has it sent and returned of that?", round, isTyped)
		}
	}
}

// talk says something until Merge stops, and then tells what Merge has received.
func (m *merging) talk(to chan<- string) (received chan []string) {
	received = make(chan []string, 1)
	go func() {
		var taken []string
		for n := 0; ; n++ {
			select {
			case to <- fmt.Sprint(n):
				taken = append(taken, fmt.Sprint(n))
			case <-m.stop:
				received <- taken
				return
			}
		}
	}()
	return received
}
