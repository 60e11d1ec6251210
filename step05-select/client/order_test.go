package client_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// What a room remembers on other servers may come when its members are here already, and on another goroutine: while the client is
// just being written to, between the look into its inbox and the look into the room. What is said then must not come first.
func TestTell_givesWhatWasSaidElsewhereBeforeWhatIsSaidNow(t *testing.T) {
	link := new(lateLink)
	h := hub.New(hub.Config{Link: link})
	codec := &watched{probe: probe{Lines: session.Lines{Decoder: lines.Decoder{Max: maxLine}}}}
	alice := &person{client.New(h, codec, hub.Entry{Name: "alice"}, client.Settings{}), &codec.probe}
	t.Cleanup(alice.Leave)
	alice.told()

	codec.meanwhile = func() {
		link.room.Remember([]session.Event{{Kind: session.Said, ID: 10, From: "carol", Text: "before"}})
		link.room.Deliver(session.Event{Kind: session.Said, From: "carol", Text: "now"})
	}
	alice.Member().Tell(session.Event{Kind: session.Notice, Text: "an answer"})
	told := alice.told()
	told += alice.told()
	assert.Equal(t, "* an answer\n* said before you came: 1 message\n[carol] before\n[carol] now\n", told)
}

// A watched is a probe that lets something happen while its client is written to.
type watched struct {
	probe
	meanwhile func()
}

func (w *watched) Format() *session.Format {
	return &session.Format{Append: func(dst []byte, e *session.Event) []byte {
		if happens := w.meanwhile; happens != nil {
			w.meanwhile = nil
			happens()
		}
		return e.AppendText(dst)
	}}
}

// A lateLink is a link to other servers that knows nothing yet of the one room that is open.
type lateLink struct {
	hub.Link // nil: nothing else is asked
	room     hub.Room
}

func (l *lateLink) Attach(*hub.Hub)                       {}
func (l *lateLink) Alone() bool                           { return true } // so a name is asked for here alone
func (l *lateLink) Suffix() string                        { return "" }
func (l *lateLink) OpenRoom(r hub.Room)                   { l.room = r }
func (l *lateLink) CloseRoom(string)                      {}
func (l *lateLink) Publish(session.Event)                 {}
func (l *lateLink) Present(_, _, _ string)                {}
func (l *lateLink) Claim(_, _ string, done func(error))   { done(nil) }
func (l *lateLink) Release(string)                        {}
func (l *lateLink) Elsewhere(string, int) ([]string, int) { return nil, 0 }
