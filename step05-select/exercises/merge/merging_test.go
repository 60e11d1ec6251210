package merge_test

import (
	"sync"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/exercises/merge"
)

func typed(text string) merge.Event { return merge.Event{Typed: true, Text: text} }
func said(text string) merge.Event  { return merge.Event{Text: text} }

// A merging is a Merge that runs, and all that it is connected with.
type merging struct {
	t               lesson.T
	lines, messages chan string
	out             chan merge.Event
	stop            chan struct{}
	stopOnce        sync.Once
	returned        chan []merge.Event
}

func start(t lesson.T, merges mergeFunc) *merging {
	m := &merging{
		t: t, lines: make(chan string), messages: make(chan string), out: make(chan merge.Event),
		stop: make(chan struct{}), returned: make(chan []merge.Event, 1),
	}
	t.Cleanup(m.stops)
	go func() { m.returned <- merges(m.stop, m.lines, m.messages, m.out) }()
	return m
}

func (m *merging) stops() { m.stopOnce.Do(func() { close(m.stop) }) }

// takes reports whether Merge receives this event now.
func (m *merging) takes(e merge.Event) bool {
	m.t.Helper()
	lesson.Rest(m.t)
	to := m.messages
	if e.Typed {
		to = m.lines
	}
	select {
	case to <- e.Text:
		return true
	default:
		return false
	}
}

// give gives Merge events, and fails the case if it doesn't receive them.
func (m *merging) give(events ...merge.Event) {
	m.t.Helper()
	for _, e := range events {
		require.True(m.t, m.takes(e), "Merge does not receive %+v, though it holds less than Room events", e)
	}
}

// wants receives an event from out.
func (m *merging) wants(want merge.Event, sentence string) {
	m.t.Helper()
	lesson.Rest(m.t)
	select {
	case got, ok := <-m.out:
		require.True(m.t, ok, "out is closed; %s", sentence)
		require.Equal(m.t, want, got, sentence)
	default:
		require.Fail(m.t, "Merge sends nothing", sentence)
	}
}

// wantsEnd wants Merge to have returned, and out to be closed. It returns what Merge has returned.
func (m *merging) wantsEnd(sentence string) (unsent []merge.Event) {
	m.t.Helper()
	lesson.Rest(m.t)
	select {
	case unsent = <-m.returned:
	default:
		require.Fail(m.t, "Merge has not returned", sentence)
	}
	select {
	case got, ok := <-m.out:
		require.False(m.t, ok, "Merge has returned, and something is still sent: %+v", got)
	default:
		require.Fail(m.t, "out is still open", sentence)
	}
	return unsent
}
