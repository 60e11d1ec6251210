package web

import (
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat/lines"
)

// oracle is what hear must return, by the library's own reader, which reads a stream that is whole.
func oracle(most int, stream string) (want heard) {
	reader := wsutil.NewServerSideReader(strings.NewReader(stream))
	reader.MaxMessageSize = max(maxMessage, int64(4*most))
	control := func(h ws.Header, payload io.Reader) error {
		p, err := io.ReadAll(payload)
		if err != nil || int64(len(p)) < h.Length {
			return io.ErrUnexpectedEOF
		}
		switch h.OpCode {
		case ws.OpPing:
			want.Pong = string(ws.MustCompileFrame(ws.NewPongFrame(p)))
		case ws.OpClose:
			return closed(p)
		}
		return nil
	}
	reader.OnIntermediate = control
	for {
		h, err := reader.NextFrame()
		var payload []byte
		switch {
		case err != nil:
		case h.OpCode.IsControl():
			if err = control(h, reader); err == nil {
				err = reader.Discard()
			}
		case h.OpCode == ws.OpBinary:
			err = &EndError{Code: ws.StatusUnsupportedData, Fault: errBinary}
		default:
			if payload, err = io.ReadAll(reader); err != nil {
				break
			}
			if !utf8.Valid(payload) {
				err = &EndError{Code: ws.StatusInvalidFramePayloadData, Fault: errUTF8}
				break
			}
			said := strings.Split(string(payload), "\n")
			if len(said) > 1 && said[len(said)-1] == "" {
				said = said[:len(said)-1]
			}
			for _, line := range said {
				want.Lines = append(want.Lines, cleaned(most, line))
			}
		}
		end, ended := errors.AsType[*EndError](err)
		switch {
		case err == nil:
			continue
		case ended:
			want.End = verdict(end.Code, end.Fault != nil)
		case errors.Is(err, wsutil.ErrMessageTooLarge):
			want.End = verdict(ws.StatusMessageTooBig, true)
		case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			want.End = verdict(ws.StatusProtocolError, true)
		}
		return want
	}
}

// cleaned is what a decoder makes of a line that comes alone and whole.
func cleaned(most int, line string) string {
	decoder := lines.Decoder{Max: most}
	got, _, err := decoder.Next([]byte(line + "\n"))
	if err != nil {
		return "<too long>"
	}
	return string(got)
}

// FuzzFrames wants of any bytes: the same lines, answer and end wherever they are cut, and those that
// the library's own reader finds.
func FuzzFrames(f *testing.F) {
	for _, test := range framesCases {
		if len(test.stream) < 1000 {
			f.Add([]byte(test.stream), uint16(3), uint16(5))
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, first, second uint16) {
		const most = 8
		i := int(first) % (len(stream) + 1)
		j := i + int(second)%(len(stream)-i+1)
		want := oracle(most, string(stream))
		require.Equal(t, want, hear(most, string(stream)))
		require.Equal(t, want, hear(most, string(stream[:i]), string(stream[i:j]), string(stream[j:])), "cut at %d and %d", i, j)
	})
}
