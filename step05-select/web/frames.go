package web

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/session"
)

// Frames is the [session.Codec] of the page: WebSocket frames, without I/O. The zero value is ready.
//
// Each text message is one or several lines. Its end is the end of its last line. What is in it goes through the same decoder as
// what comes from a terminal, so it is cleaned in the same way.
//
// A Frames holds at most one message, which is bounded, and nothing between two of them.
//
// It is not safe for use by several goroutines.
type Frames struct {
	// Lines cuts messages into lines. Its settings are its own.
	Lines lines.Decoder

	frame      incoming
	message    []byte // what has come of a message whose end has not
	fragmented bool   // more frames of the message follow

	text   []byte // of a message that is complete: the lines that were not taken yet
	taking bool   // the lines are being taken
	ended  bool   // the text ends with a line end of its own

	ping []byte // the last one that was not answered yet
	pong bool
}

var _ session.Codec = (*Frames)(nil)

// maxMessage is how large a message may be, unless four lines may be larger. A line that is too long is
// refused with a notice; who sends a message that is too large is no page of ours.
const maxMessage = 64 << 10

// Next implements [session.Codec]. The error may be an [*EndError].
func (f *Frames) Next(p []byte) (line, rest []byte, err error) {
	for {
		if f.taking {
			line, err = f.nextLine()
			if err != lines.ErrMore {
				return line, p, err
			}
		}
		if p, err = f.advance(p); err != nil {
			return nil, nil, err
		}
	}
}

// nextLine takes the next line out of the text. The error is [lines.ErrMore] if there is none.
func (f *Frames) nextLine() (line []byte, err error) {
	for len(f.text) > 0 {
		line, f.text, err = f.Lines.Next(f.text)
		if err != lines.ErrMore {
			return line, err
		}
	}
	f.text, f.taking = nil, false
	if f.ended {
		return nil, lines.ErrMore
	}
	line, _, err = f.Lines.Next(lineFeed)
	return line, err
}

var lineFeed = []byte{'\n'}

// advance takes one frame out of p, or what there is of it, and returns what comes after it. The error is [lines.ErrMore]
// if p is used up before the frame is complete.
func (f *Frames) advance(p []byte) (rest []byte, err error) {
	if !f.frame.begun {
		if p, err = f.begin(p); err != nil {
			return nil, err
		}
	}
	piece, rest, complete := f.frame.payload(p)
	control := f.frame.header.OpCode.IsControl()
	switch {
	case complete && control:
		err = f.obey(append(f.frame.control, piece...))
		f.frame.control = nil
	case complete && f.frame.header.Fin:
		f.fragmented = false
		err = f.take(piece)
	case control:
		f.frame.control = append(f.frame.control, piece...)
	default:
		f.message = append(f.message, piece...)
		f.fragmented = true
	}
	if err == nil && !complete {
		err = lines.ErrMore
	}
	return rest, err
}

// begin takes the header of the next frame, and checks whether the frame may come.
func (f *Frames) begin(p []byte) (rest []byte, err error) {
	rest, err = f.frame.begin(p, f.fragmented)
	if err != nil {
		return nil, err
	}
	header := &f.frame.header
	switch {
	case header.OpCode.IsControl(): // its size is right already
		return rest, nil
	case header.Length > int64(max(maxMessage, 4*f.Lines.Max)-len(f.message)):
		return nil, &EndError{Code: ws.StatusMessageTooBig, Fault: errTooBig}
	case header.OpCode == ws.OpBinary:
		return nil, &EndError{Code: ws.StatusUnsupportedData, Fault: errBinary}
	}
	return rest, nil
}

// take takes the last piece of a message, which is often the whole of it, and needs no memory here then.
func (f *Frames) take(piece []byte) error {
	text := piece
	if len(f.message) > 0 {
		text = append(f.message, piece...)
		f.message = nil
	}
	if !utf8.Valid(text) {
		return &EndError{Code: ws.StatusInvalidFramePayloadData, Fault: errUTF8}
	}
	f.text, f.taking, f.ended = text, true, bytes.HasSuffix(text, lineFeed)
	return nil
}

// obey does what a control frame demands.
func (f *Frames) obey(payload []byte) error {
	switch f.frame.header.OpCode {
	case ws.OpPing:
		// One answer for all that have come meanwhile is enough (section 5.5.3), and so the bytes of a client
		// that does nothing but ask are bounded.
		f.ping, f.pong = bytes.Clone(payload), true
	case ws.OpClose:
		return closed(payload)
	}
	return nil // a pong is a sign of life, as everything that comes
}

// End implements [session.Codec]: half a message is no line.
func (*Frames) End() (line []byte, ok bool) { return nil, false }

// Format implements [session.Codec].
func (*Frames) Format() *session.Format { return format }

// format is events as JSON, each a text message of one frame.
var format = &session.Format{Append: func(dst []byte, e *session.Event) []byte {
	return appendFrame(dst, ws.NewTextFrame(e.AppendJSON(nil)))
}}

// Echo implements [session.Codec]: the page shows what it says itself when it has its place among the rest.
func (*Frames) Echo() bool { return true }

// AppendReplies implements [session.Codec].
func (f *Frames) AppendReplies(dst []byte) []byte {
	if f.pong {
		dst = appendFrame(dst, ws.NewPongFrame(f.ping))
		f.ping, f.pong = nil, false
	}
	return dst
}

// AppendPing implements [session.Codec]. A browser answers by itself.
func (*Frames) AppendPing(dst []byte) ([]byte, bool) { return append(dst, ws.CompiledPing...), true }

// AppendEnd implements [session.Codec]: it appends a close frame, which says why.
func (*Frames) AppendEnd(dst []byte, err error) []byte {
	end := &EndError{Code: ws.StatusNormalClosure}
	switch {
	case err == session.ErrStops:
		end.Code = ws.StatusGoingAway
	case err != nil && !errors.As(err, &end):
		end.Code = ws.StatusInternalServerError // it could not be read from, and will hardly see this
	}
	return appendFrame(dst, end.frame())
}

func appendFrame(dst []byte, frame ws.Frame) []byte {
	return append(dst, ws.MustCompileFrame(frame)...) // writing to memory can't fail
}
