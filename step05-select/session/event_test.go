package session_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// A happening is an event with its two forms.
type happening struct {
	event session.Event
	text  string
	json  string
}

var happenings = []happening{
	{session.Event{Kind: session.Said, ID: 7, Time: time.UnixMilli(1500), Room: "#go", From: "alice", Text: "hello <b>"},
		"[alice] hello <b>\n", `{"kind":"said","id":7,"time":1500,"room":"#go","from":"alice","text":"hello \u003cb\u003e"}`},
	{session.Event{Kind: session.Did, Room: "#go", From: "alice", Text: "waves"},
		"* [alice] waves\n", `{"kind":"did","room":"#go","from":"alice","text":"waves"}`},
	{session.Event{Kind: session.Whispered, From: "alice", To: "bob", Text: "psst"},
		"[alice -> bob] psst\n", `{"kind":"whispered","from":"alice","to":"bob","text":"psst"}`},
	{session.Event{Kind: session.Joined, Room: "#go", From: "alice"},
		"* alice has joined #go\n", `{"kind":"joined","room":"#go","from":"alice"}`},
	{session.Event{Kind: session.Left, Room: "#go", From: "alice"},
		"* alice has left #go\n", `{"kind":"left","room":"#go","from":"alice"}`},
	{session.Event{Kind: session.Renamed, Room: "#go", From: "alice", To: "bob"},
		"* alice is now called bob\n", `{"kind":"renamed","room":"#go","from":"alice","to":"bob"}`},
	{session.Event{Kind: session.Gathered, Room: "#go", Text: "3 people have joined"},
		"* 3 people have joined\n", `{"kind":"gathered","room":"#go","text":"3 people have joined"}`},
	{session.Event{Kind: session.Named, To: "bob"},
		"* you are now called bob\n", `{"kind":"named","to":"bob"}`},
	{session.Event{Kind: session.Entered, Room: "#go", Count: 1},
		"* you are in #go, alone\n", `{"kind":"entered","room":"#go","count":1}`},
	{session.Event{Kind: session.Entered, Room: "#go", Count: 2},
		"* you are in #go, with 1 other\n", `{"kind":"entered","room":"#go","count":2}`},
	{session.Event{Kind: session.Entered, Room: "#go", Count: 3},
		"* you are in #go, with 2 others\n", `{"kind":"entered","room":"#go","count":3}`},
	{session.Event{Kind: session.Earlier, Room: "#go", Count: 1},
		"* said before you came: 1 message\n", `{"kind":"earlier","room":"#go","count":1}`},
	{session.Event{Kind: session.Missed, Room: "#go", Count: 12},
		"* you missed 12 messages\n", `{"kind":"missed","room":"#go","count":12}`},
	{session.Event{Kind: session.Members, Room: "#go", Count: 1, Names: []string{"alice"}},
		"* 1 person in #go: alice\n", `{"kind":"members","room":"#go","count":1,"names":["alice"]}`},
	{session.Event{Kind: session.Members, Room: "#go", Count: 5, Names: []string{"alice", "bob"}},
		"* 5 people in #go: alice, bob and 3 more\n", `{"kind":"members","room":"#go","count":5,"names":["alice","bob"]}`},
	{session.Event{Kind: session.Rooms, Count: 2, Names: []string{"#go (2)", "#rust (1)"}},
		"* 2 rooms: #go (2), #rust (1)\n", `{"kind":"rooms","count":2,"names":["#go (2)","#rust (1)"]}`},
	{session.Event{Kind: session.Notice, Text: "one\ntwo"},
		"* one\n* two\n", `{"kind":"notice","text":"one\ntwo"}`},
}

func TestEvent_hasTwoForms(t *testing.T) {
	for _, h := range happenings {
		assert.Equal(t, "before "+h.text, string(h.event.AppendText([]byte("before "))))
		assert.Equal(t, "before "+h.json, string(h.event.AppendJSON([]byte("before "))))
		parsed, err := session.ParseJSON([]byte(h.json))
		assert.NoError(t, err)
		assert.Equal(t, h.event, parsed)
	}
}

func TestParseJSON_refusesWhatIsNoEvent(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"shouted"}`: "session: there is no event of kind shouted",
		`{}`:                 "session: there is no event of kind ",
		`{"kind":""}`:        "session: there is no event of kind ",
		`{"kind":"unknown"}`: "session: there is no event of kind unknown",
		``:                   "unexpected end of JSON input",
		`{"kind":"said"`:     "unexpected end of JSON input",
	} {
		_, err := session.ParseJSON([]byte(text))
		assert.EqualError(t, err, want, text)
	}
	_, err := session.ParseJSON([]byte(`{"kind":"said","id":-1}`))
	assert.Error(t, err)
}

func TestKind_hasAName(t *testing.T) {
	require.Equal(t, "said", session.Said.String())
	require.Equal(t, "unknown", session.Kind(0).String())
	require.Equal(t, "unknown", session.Kind(200).String())
	require.Equal(t, "list rooms", session.ListRooms.String())
	require.Equal(t, "unknown", session.Verb(200).String())
}

func TestMessage_isTheSameForAllWhoNeedIt(t *testing.T) {
	page := &session.Format{Append: func(dst []byte, e *session.Event) []byte { return e.AppendJSON(dst) }}
	for range 50 {
		m := &session.Message{Event: happenings[0].event}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 4 {
					assert.Equal(t, happenings[0].text, string(m.In(session.Text)))
					assert.Equal(t, happenings[0].json, string(m.In(page)))
				}
			})
		}
		group.Wait()
		text, form := m.In(session.Text), m.In(page)
		require.Same(t, &text[0], &m.In(session.Text)[0], "the bytes are shared")
		require.Same(t, &form[0], &m.In(page)[0], "the bytes are shared")
	}
}

func TestMessage_isWrittenDownOnce(t *testing.T) {
	written := 0
	counting := &session.Format{Append: func(dst []byte, e *session.Event) []byte {
		written++
		return e.AppendText(dst)
	}}
	m := &session.Message{Event: happenings[0].event}
	for range 5 {
		m.In(counting)
		m.In(session.Text)
	}
	require.Equal(t, 1, written, "five clients were told the message")
	require.Zero(t, testing.AllocsPerRun(10, func() { m.In(session.Text) }))
}

// FuzzJSON wants of any event: both ways leave it as it was, and its text form is as many lines as it has to be.
func FuzzJSON(f *testing.F) {
	for _, h := range happenings {
		f.Add(uint8(h.event.Kind), h.event.ID, int64(1500), h.event.Room, h.event.From, h.event.To, h.event.Text, h.event.Count, strings.Join(h.event.Names, " "))
	}
	f.Fuzz(func(t *testing.T, kind uint8, id uint64, milli int64, room, from, to, text string, count int, names string) {
		e := session.Event{
			Kind: session.Kind(kind%uint8(session.Notice) + 1), ID: id, Room: room, From: from, To: to, Text: text, Count: count,
		}
		if milli != 0 {
			e.Time = time.UnixMilli(milli)
			if e.Time.IsZero() {
				e.Time = time.Time{}
			}
		}
		if names != "" {
			e.Names = strings.Split(names, " ")
		}
		encoded := e.AppendJSON(nil)
		require.True(t, json.Valid(encoded), "%s", encoded)
		require.NotContains(t, string(encoded), "\n")
		parsed, err := session.ParseJSON(encoded)
		require.NoError(t, err, "%s", encoded)
		if utf8.ValidString(strings.Join([]string{room, from, to, text, names}, "|")) {
			require.Equal(t, e, parsed, "%s", encoded)
		}
	})
}
