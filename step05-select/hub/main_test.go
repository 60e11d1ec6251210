package hub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step04-chat/broadcast"
	"example.com/async/step05-select/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// enter lets somebody in, and takes what they are told first. Their own coming waits for them, too, and is passed over.
func enter(h *Hub, name string) *Member {
	m := h.Enter(Entry{Name: name})
	ownMessages(m)
	_, _ = m.TryRecv()
	return m
}

// enterMany lets in so many, whose names are n0, n1 and so on.
func enterMany(h *Hub, n int) []*Member {
	all := make([]*Member, n)
	for i := range all {
		all[i] = enter(h, fmt.Sprint("n", i))
	}
	return all
}

// line is how a terminal shows a message.
func line(m *session.Message) string {
	return strings.TrimSuffix(string(m.In(session.Text)), "\n")
}

// ownMessages takes what is for m alone.
func ownMessages(m *Member) (messages []*session.Message) {
	for {
		message, more := m.TakeOwn()
		if message != nil {
			messages = append(messages, message)
		}
		if !more {
			return messages
		}
	}
}

// own is ownMessages, as a terminal shows them.
func own(m *Member) (lines []string) {
	for _, message := range ownMessages(m) {
		lines = append(lines, line(message))
	}
	return lines
}

// receive takes what waits for m in its room.
func receive(t require.TestingT, m *Member) (messages []*session.Message) {
	for {
		message, err := m.TryRecv()
		if err != nil {
			require.ErrorIs(t, err, broadcast.ErrEmpty)
			return messages
		}
		messages = append(messages, message)
	}
}

// heard is receive, as a terminal shows it.
func heard(t require.TestingT, m *Member) (lines []string) {
	for _, message := range receive(t, m) {
		lines = append(lines, line(message))
	}
	return lines
}

func say(m *Member, text string) { m.Do(session.Action{Verb: session.Say, Text: text}) }

func join(m *Member, room string) { m.Do(session.Action{Verb: session.Join, Room: room}) }

func rename(m *Member, name string) {
	m.Do(session.Action{Verb: session.Rename, Name: name, Key: session.Key(name)})
}

func whisper(m *Member, to, text string) {
	m.Do(session.Action{Verb: session.Whisper, Name: to, Key: session.Key(to), Text: text})
}

// requireEmpty is for a hub that everybody has left: nothing is kept of them.
func requireEmpty(t require.TestingT, h *Hub) {
	h.mu.Lock()
	defer h.mu.Unlock()
	require.Empty(t, h.names, "everybody has left: whose names are these?")
	require.Empty(t, h.rooms, "everybody has left: who is in these rooms?")
	require.Zero(t, h.stats.Users.Load(), "everybody has left: who is counted as being here?")
	require.Zero(t, h.stats.Rooms.Load(), "everybody has left: which rooms are counted?")
}
