package client_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// A person is a Client with the test as its engine.
type person struct {
	*client.Client
	codec *probe
}

// maxLine is how long a line of a person may be.
const maxLine = 60

// enter lets somebody in and takes the greeting.
func enter(t *testing.T, h *hub.Hub, name string, settings client.Settings) *person {
	t.Helper()
	codec := &probe{Lines: session.Lines{Decoder: lines.Decoder{Max: maxLine}}}
	p := &person{client.New(h, codec, hub.Entry{Name: name}, settings), codec}
	t.Cleanup(p.Leave)
	require.Contains(t, p.told(), "* you are now called "+name+"\n")
	return p
}

// types gives the client what somebody has typed, in a buffer that is used again as soon as it may be.
func (p *person) types(text string) {
	buffer := []byte(text)
	p.Hear(buffer)
	if p.Hungry() {
		copy(buffer, strings.Repeat("?", len(buffer)))
	}
}

// told is what is written to the client at once.
func (p *person) told() string { return string(p.AppendPending(nil)) }

// toldAll is what is written to the client in as many writes as that takes. Each ends with the line that makes it full.
func (p *person) toldAll(t *testing.T) (told string) {
	t.Helper()
	for {
		written := p.told()
		longest := 0
		for line := range strings.Lines(written) {
			longest = max(longest, len(line))
		}
		require.Less(t, len(written), fullWrite+longest, "bytes in one write: a client that does not read holds them all")
		if written == "" {
			return told
		}
		told += written
	}
}

// serve is an engine that goes on until all was heard: it writes, it waits if it must, and it lets the client listen. It
// returns what was written.
func (p *person) serve() (told string) {
	for {
		told += p.told()
		at, more := p.Unheard()
		if !more {
			return told
		}
		time.Sleep(time.Until(at))
		p.Listen()
	}
}

// A probe is the codec of terminals with an answer to everything that a codec may be asked.
type probe struct {
	session.Lines
	pings  bool
	broken error   // in place of the first line
	ends   []error // with which AppendEnd was called
}

func (p *probe) Next(b []byte) (line, rest []byte, err error) {
	if p.broken != nil {
		return nil, nil, p.broken
	}
	return p.Lines.Next(b)
}

func (p *probe) AppendPing(dst []byte) ([]byte, bool) {
	if !p.pings {
		return dst, false
	}
	return append(dst, "<ping>\n"...), true
}

func (p *probe) AppendEnd(dst []byte, err error) []byte {
	p.ends = append(p.ends, err)
	return append(dst, "<end>\n"...)
}

// listen lets a member in that only looks at what is said.
func listen(t *testing.T, h *hub.Hub) *hub.Member {
	m := h.Enter(hub.Entry{Name: "ear"})
	t.Cleanup(m.Leave)
	return m
}

// say says something in the member's room.
func say(m *hub.Member, text string) { m.Do(session.Action{Verb: session.Say, Text: text}) }

// whisper says something to one person.
func whisper(m *hub.Member, to, text string) {
	m.Do(session.Action{Verb: session.Whisper, Name: to, Key: session.Key(to), Text: text})
}

// heard returns all that was said in the member's room since the last call.
func heard(m *hub.Member) (said []*session.Message) {
	for {
		message, err := m.TryRecv()
		switch {
		case err != nil:
			return said
		case message.Spoken():
			said = append(said, message)
		}
	}
}

// texts are the words alone.
func texts(messages []*session.Message) (texts []string) {
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return texts
}
