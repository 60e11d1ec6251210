package session

import (
	"errors"

	"example.com/async/step04-chat/chat/lines"
)

// A Codec is how one kind of client talks: how lines stand in the bytes that it sends, and events in those
// that it gets. It does no I/O. There are two: [Lines] for terminals, and the WebSocket frames of the
// page, in package web.
//
// It is not safe for use by several goroutines.
type Codec interface {
	// Next takes the first line out of what was kept and p, and returns what of p comes after it, as
	// [lines.Decoder.Next] does. The error is nil, [lines.ErrMore], [lines.ErrTooLong], or one that says that the client has broken its
	// protocol or ended it: then nothing more can come from it. Next may change the bytes of p.
	Next(p []byte) (line, rest []byte, err error)

	// End returns the line that the stream ended in the middle of, if it is one.
	End() (line []byte, ok bool)

	// Format is how events are written to the client.
	Format() *Format

	// Echo reports whether the client is to be told also what it says itself. A terminal shows it
	// anyway, as it was typed.
	Echo() bool

	// AppendReplies appends what the protocol itself demands as an answer to what has come: pongs.
	AppendReplies(dst []byte) []byte

	// AppendPing appends what makes a client answer that is still there. ok is false if
	// this kind of client can't be asked.
	AppendPing(dst []byte) (_ []byte, ok bool)

	// AppendEnd appends the last bytes that a client gets. err is what Next returned, or why nothing can be read
	// any more; [ErrStops] if the server stops; nil if the client has said that it leaves.
	AppendEnd(dst []byte, err error) []byte
}

// ErrStops is why a Codec is to end the connection of a client that has done nothing wrong.
var ErrStops = errors.New("session: the server stops")

// Lines is the Codec of terminals: nc, telnet, socat. The Decoder's settings are its own.
type Lines struct{ lines.Decoder }

var _ Codec = (*Lines)(nil)

// Format implements [Codec].
func (*Lines) Format() *Format { return Text }

// Echo implements [Codec].
func (*Lines) Echo() bool { return false }

// AppendReplies implements [Codec]: lines demand no answers.
func (*Lines) AppendReplies(dst []byte) []byte { return dst }

// AppendPing implements [Codec]: who has nothing to say in nc is left alone. Whether it is still
// there is for TCP's keep-alive to find out.
func (*Lines) AppendPing(dst []byte) ([]byte, bool) { return dst, false }

// AppendEnd implements [Codec].
func (*Lines) AppendEnd(dst []byte, _ error) []byte { return dst }
