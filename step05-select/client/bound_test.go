package client_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// Clients that do not read, in rooms where much was said.

const (
	lineSize = 4 << 10 // of which a room remembers
	kept     = hub.DefaultHistory
)

// remembering is a hub whose lobby remembers as much as a room can, and its only member.
func remembering(t *testing.T) (*hub.Hub, *hub.Member) {
	h := hub.New(hub.Config{})
	speaker := h.Enter(hub.Entry{Name: "speaker"})
	t.Cleanup(speaker.Leave)
	for i := range kept {
		say(speaker, sized(i))
	}
	return h, speaker
}

// sized is a text that begins with a number.
func sized(i int) string { return fmt.Sprint(i, " ", strings.Repeat("x", lineSize)) }

// said is how a terminal shows so many of them, from the number on.
func said(from, to int) string {
	var text strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&text, "[speaker] %s\n", sized(i))
	}
	return text.String()
}

// arrive is enter for a client that has not been told anything yet.
func arrive(t *testing.T, h *hub.Hub, room string) *person {
	codec := new(probe)
	p := &person{client.New(h, codec, hub.Entry{Room: room}, client.Settings{}), codec}
	t.Cleanup(p.Leave)
	return p
}

// All that a room remembers is 400 KiB, and so is what may wait in it. It is told whole, in order, and in pieces.
func TestTell_tellsAHistoryInPieces(t *testing.T) {
	const earlier = "* said before you came: 100 messages\n"
	h, speaker := remembering(t)

	p := arrive(t, h, "")
	say(speaker, sized(kept)) // after it has come, while it is being told what was before
	told := p.toldAll(t)
	require.True(t, strings.HasSuffix(told, earlier+said(0, kept+1)), "on coming in: what was said before, and then what was said since")

	p.types("/history\n/who\n")
	told = p.toldAll(t)
	require.Equal(t, earlier+said(1, kept+1), told, "asked for; and nothing else is answered before that is written")
	p.Listen()
	require.Equal(t, "* 2 people in #lobby: guest2, speaker\n", p.toldAll(t))

	for i := range kept {
		say(speaker, sized(i))
	}
	p.types("/join go\n/join lobby\n")
	say(speaker, "when it has left")
	require.Equal(t, said(0, kept)+"* you are in #go, alone\n", p.toldAll(t), "of the room that it leaves")
	p.Listen()
	require.Equal(t, "* you are in #lobby, with 1 other\n"+earlier+said(1, kept)+"[speaker] when it has left\n", p.toldAll(t), "of the next one")

	for i := range kept {
		say(speaker, sized(i))
	}
	p.End()
	say(speaker, "too late")
	require.Equal(t, said(0, kept)+"* the server stops; goodbye\n<end>\n", p.toldAll(t), "before the end")
}

// What a client holds that never reads is one write, and pointers to what is there anyway.
func TestTell_holdsLittleForWhoDoesNotRead(t *testing.T) {
	const clients, most = 40, 48 << 10
	for name, does := range map[string]func(p *person){
		"comes in":           func(p *person) {},
		"asks for more":      func(p *person) { p.types("/history\n/history\n") },
		"moves":              func(p *person) { p.types("/join go\n/join lobby\n") },
		"is told of the end": func(p *person) { p.End() },
		"half-closes":        func(p *person) { p.HearEnd(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			h, speaker := remembering(t)
			var all []*person
			var written [][]byte
			held := func(f func()) uint64 {
				before := liveMemory()
				f()
				return (max(liveMemory(), before) - before) / clients
			}
			atFirst := held(func() {
				for range clients {
					p := arrive(t, h, "")
					all = append(all, p)
					written = append(written, p.AppendPending(nil)) // and it blocks
				}
			})
			assert.Less(t, atFirst, uint64(most), "bytes for each client that has come in, and does not read")
			for i := range kept {
				say(speaker, sized(i))
			}
			later := held(func() {
				for i, p := range all {
					does(p)
					written[i] = p.AppendPending(written[i][:0])
				}
			})
			assert.Less(t, later, uint64(most/2), "bytes more for each of them, which it still does not read")
			runtime.KeepAlive(written)
		})
	}
}

// liveMemory is how many bytes of heap are in use after a collection.
func liveMemory() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// What it has not got of the room that it leaves is delivered when it gets it.
func TestTell_countsWhatItWasTold(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.toldAll(t)
	delivered := func() uint64 { return h.Stats().Delivered.Load() }
	before := delivered()
	say(ear, "one")
	say(ear, "two")
	alice.types("/join go\n")
	require.Zero(t, delivered()-before, "nothing is written yet")
	require.Equal(t, "[ear] one\n[ear] two\n* you are in #go, alone\n", alice.told())
	require.EqualValues(t, 2, delivered()-before)
	ear.Do(session.Action{Verb: session.Who, Room: session.Lobby})
	whisper(ear, "alice", "psst")
	alice.told()
	require.EqualValues(t, 2, delivered()-before, "what is for it alone was not said in a room")
}
