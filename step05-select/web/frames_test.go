package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/session"
)

// heard is what a codec makes of a client's bytes.
type heard struct {
	Lines []string
	Pong  string // the answer to the last ping
	End   string // the status code, and whether it was the client's fault; "" if more can come
}

// hear feeds the pieces to a codec.
func hear(most int, pieces ...string) (got heard) {
	f := Frames{Lines: lines.Decoder{Max: most}}
	for _, piece := range pieces {
		rest := []byte(piece)
		var line []byte
		var err error
		for {
			line, rest, err = f.Next(rest)
			if err == nil {
				got.Lines = append(got.Lines, string(line))
			} else if err == lines.ErrTooLong {
				got.Lines = append(got.Lines, "<too long>")
			} else {
				break
			}
		}
		if end, ok := errors.AsType[*EndError](err); ok {
			got.End = verdict(end.Code, end.Fault != nil)
			break
		}
	}
	got.Pong = string(f.AppendReplies(nil))
	return got
}

func verdict(code ws.StatusCode, fault bool) string {
	if fault {
		return fmt.Sprintf("%d fault", code)
	}
	return fmt.Sprintf("%d closed", code)
}

// readFrame reads a frame of our own, or as it comes from us.
func readFrame(r io.Reader) (frame ws.Frame, err error) {
	if frame.Header, err = ws.ReadHeader(r); err != nil {
		return frame, err
	}
	frame.Payload = make([]byte, frame.Header.Length)
	_, err = io.ReadFull(r, frame.Payload)
	return frame, err
}

// from writes down a frame as a client sends it.
func from(frame ws.Frame) string { return string(ws.MustCompileFrame(ws.MaskFrame(frame))) }

func text(s string) string { return from(ws.NewTextFrame([]byte(s))) }

// part is a frame of a message that has several.
func part(op ws.OpCode, fin bool, s string) string { return from(ws.NewFrame(op, fin, []byte(s))) }

func closing(code ws.StatusCode, reason string) string {
	return from(ws.NewCloseFrame(ws.NewCloseFrameBody(code, reason)))
}

// with changes one byte of a frame: to write down what the library would not.
func with(frame string, at int, value byte) string {
	return frame[:at] + string([]byte{value}) + frame[at+1:]
}

var framesCases = map[string]struct {
	stream string
	want   heard
}{
	"nothing":                  {"", heard{}},
	"a message is a line":      {text("one"), heard{Lines: []string{"one"}}},
	"a message of several":     {text("one\ntwo\r\nthree"), heard{Lines: []string{"one", "two", "three"}}},
	"a line end at the end":    {text("one\n"), heard{Lines: []string{"one"}}},
	"messages do not join":     {text("one") + text("two\n") + text("three"), heard{Lines: []string{"one", "two", "three"}}},
	"an empty message":         {text("") + text("one"), heard{Lines: []string{"", "one"}}},
	"half a message":           {text("one") + text("two")[:7], heard{Lines: []string{"one"}}},
	"half a header":            {text("one") + text("two")[:1], heard{Lines: []string{"one"}}},
	"it is cleaned":            {text("\x1b[31mred\u202e"), heard{Lines: []string{"\uFFFD[31mred\uFFFD"}}},
	"a long line":              {text(strings.Repeat("x", 31)) + text("ok"), heard{Lines: []string{"<too long>", "ok"}}},
	"a long line among others": {text("a\n" + strings.Repeat("x", 99) + "\nb"), heard{Lines: []string{"a", "<too long>", "b"}}},
	"length in two bytes":      {text(strings.Repeat("x\n", 80)), heard{Lines: strings.Split(strings.Repeat("x,", 79)+"x", ",")}},
	"fragments": {part(ws.OpText, false, "on") + part(ws.OpContinuation, false, "") + part(ws.OpContinuation, true, "e"),
		heard{Lines: []string{"one"}}},
	"a rune in two fragments": {part(ws.OpText, false, "\xe5\xa5") + part(ws.OpContinuation, true, "\xbd"),
		heard{Lines: []string{"好"}}},
	"a ping between fragments": {part(ws.OpText, false, "on") + from(ws.NewPingFrame([]byte("hi"))) + part(ws.OpContinuation, true, "e"),
		heard{Lines: []string{"one"}, Pong: "\x8a\x02hi"}},
	"a ping without content": {from(ws.NewPingFrame(nil)), heard{Pong: "\x8a\x00"}},
	"the last ping counts": {from(ws.NewPingFrame([]byte("one"))) + from(ws.NewPingFrame([]byte("two"))),
		heard{Pong: "\x8a\x03two"}},
	"a pong":                           {from(ws.NewPongFrame([]byte("?"))) + text("one"), heard{Lines: []string{"one"}}},
	"a close":                          {text("one") + closing(1000, "") + text("two"), heard{Lines: []string{"one"}, End: "1000 closed"}},
	"a close with a reason":            {closing(1001, "好"), heard{End: "1001 closed"}},
	"a close of its own":               {closing(4999, ""), heard{End: "4999 closed"}},
	"a close without a code":           {from(ws.NewCloseFrame(nil)), heard{End: "0 closed"}},
	"a close with half a code":         {from(ws.NewCloseFrame([]byte{3})), heard{End: "1002 fault"}},
	"a close with no such code":        {closing(999, ""), heard{End: "1002 fault"}},
	"a close that says there was none": {closing(1005, ""), heard{End: "1002 fault"}},
	"a close that is not UTF-8":        {closing(1000, "\xff"), heard{End: "1007 fault"}},
	"no mask":                          {"\x81\x03one", heard{End: "1002 fault"}},
	"a reserved bit":                   {with(text("one"), 0, 0xc1), heard{End: "1002 fault"}},
	"a reserved kind":                  {with(text("one"), 0, 0x83), heard{End: "1002 fault"}},
	"a reserved control kind":          {with(text("one"), 0, 0x8b), heard{End: "1002 fault"}},
	"a ping in parts":                  {part(ws.OpPing, false, "hi"), heard{End: "1002 fault"}},
	"a ping that is too large":         {part(ws.OpPing, true, strings.Repeat("x", 126)), heard{End: "1002 fault"}},
	"a negative length":                {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", heard{End: "1002 fault"}},
	"a continuation of nothing":        {part(ws.OpContinuation, true, "x"), heard{End: "1002 fault"}},
	"a message in a message":           {part(ws.OpText, false, "on") + text("e"), heard{End: "1002 fault"}},
	"bytes":                            {from(ws.NewBinaryFrame([]byte("one"))), heard{End: "1003 fault"}},
	"not UTF-8":                        {text("one") + text("two\n\xff"), heard{Lines: []string{"one"}, End: "1007 fault"}},
	"half a rune":                      {text("\xe5\xa5"), heard{End: "1007 fault"}},
	"a frame of exabytes":              {"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", heard{End: "1009 fault"}},
	"a message that grows": {part(ws.OpText, false, strings.Repeat("x", maxMessage)) + part(ws.OpContinuation, true, "x"),
		heard{End: "1009 fault"}},
}

func TestFrames_messagesAndTheirEnds(t *testing.T) {
	for name, test := range framesCases {
		const most = 30
		require.Equal(t, test.want, hear(most, test.stream), name)
		require.Equal(t, test.want, hear(most, strings.Split(test.stream, "")...), "%s, byte by byte", name)
	}
}

func TestFrames_takesAMessageOfTheLargestSize(t *testing.T) {
	largest := strings.Repeat("x", maxMessage)
	require.Equal(t, []string{largest}, hear(maxMessage, text(largest)).Lines)
	require.Equal(t, "1009 fault", hear(10, text(largest+"x")).End)
	require.Equal(t, []string{largest + "x"}, hear(maxMessage+1, text(largest+"x")).Lines, "four lines may be larger")
}

// What a header promises must cost nothing.
func TestFrames_holdsOnlyWhatHasCome(t *testing.T) {
	var f Frames
	_, _, err := f.Next([]byte("\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00xyz"))
	require.Equal(t, lines.ErrMore, err)
	require.LessOrEqual(t, cap(f.message), 8)
	_, ok := f.End()
	require.False(t, ok, "half a message is no line")
}

func TestFrames_writesEventsAsOneFrameEach(t *testing.T) {
	m := &session.Message{Event: session.Event{
		Kind: session.Said, ID: 7, Time: time.UnixMilli(1000), Room: "#go", From: "ann", Text: strings.Repeat("<b>好", 100),
	}}
	f := new(Frames)
	frame, err := readFrame(bytes.NewReader(m.In(f.Format())))
	require.NoError(t, err)
	require.NoError(t, ws.CheckHeader(frame.Header, ws.StateClientSide))
	require.True(t, frame.Header.Fin)
	require.Equal(t, ws.OpText, frame.Header.OpCode)
	var event map[string]any
	require.NoError(t, json.Unmarshal(frame.Payload, &event))
	require.Equal(t, map[string]any{
		"kind": "said", "id": 7.0, "time": 1000.0, "room": "#go", "from": "ann", "text": strings.Repeat("<b>好", 100),
	}, event)
	require.Same(t, &m.In(f.Format())[0], &m.In(new(Frames).Format())[0], "it is written down once for all")
}

func TestFrames_endsWithTheRightStatus(t *testing.T) {
	for _, test := range []struct {
		err    error
		code   ws.StatusCode
		reason string
	}{
		{nil, 1000, ""},
		{session.ErrStops, 1001, ""},
		{&EndError{Code: 1001}, 1001, ""},
		{&EndError{}, 0, ""},
		{&EndError{Code: 1009, Fault: errTooBig}, 1009, "the message is too big"},
		{fmt.Errorf("around: %w", &EndError{Code: 1007, Fault: errUTF8}), 1007, "the message is not UTF-8"},
		{io.ErrUnexpectedEOF, 1011, ""},
	} {
		got := new(Frames).AppendEnd([]byte("before"), test.err)
		frame, err := readFrame(bytes.NewReader(bytes.TrimPrefix(got, []byte("before"))))
		require.NoError(t, err)
		require.Equal(t, ws.OpClose, frame.Header.OpCode)
		code, reason := ws.ParseCloseFrameData(frame.Payload)
		require.Equal(t, test.code, code, "%v", test.err)
		require.Equal(t, test.reason, reason)
	}
}

func BenchmarkFrames(b *testing.B) {
	stream := []byte(strings.Repeat(text("hello, this is an ordinary line of chat"), 64))
	p := make([]byte, len(stream))
	var f Frames
	b.SetBytes(int64(len(stream)))
	for b.Loop() {
		rest := p[:copy(p, stream)] // it is unmasked in its place
		for {
			var err error
			if _, rest, err = f.Next(rest); err != nil {
				break
			}
		}
	}
}
