package web_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/gobwas/ws"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// A frameConn is a connection to the page's WebSocket on which the lines of a terminal travel, so that the
// cases of package selecttest can judge it. What is typed is a text message for each line; a piece of a line is a frame of a
// message that goes on. What comes back is written as a terminal shows it.
//
// One goroutine may read while another one writes.
type frameConn struct {
	lesson.Conn
	broken error // there is no WebSocket

	in      *bufio.Reader
	text    []byte          // of what came, as far as nobody has read it
	names   map[string]bool // all that the client has had
	earlier int             // so many of what is said next was said before it came
	closed  bool            // the server's close frame has come

	fragmented bool   // a message has begun and not ended
	unsent     []byte // of a frame that has gone in part
}

// overWebSocket is the [selecttest.Wire] of the page.
func overWebSocket(conn lesson.Conn) lesson.Conn {
	c := &frameConn{Conn: conn, in: bufio.NewReader(conn), names: make(map[string]bool)}
	status, err := wire.Shake(conn, c.in, "/chat", wire.Handshake(conn))
	if c.broken = err; err == nil && status != 101 {
		c.broken = fmt.Errorf("the handshake was answered with status %d", status)
	}
	return c
}

// Read returns [io.EOF] only behind a close frame.
func (c *frameConn) Read(p []byte) (int, error) {
	for len(c.text) == 0 {
		if c.broken == nil {
			c.broken = c.next()
		}
		if c.broken != nil {
			return 0, c.broken
		}
	}
	n := copy(p, c.text)
	c.text = c.text[n:]
	return n, nil
}

// next reads one frame.
func (c *frameConn) next() error {
	frame, err := wire.ReadFrame(c.in)
	switch {
	case err == io.EOF && c.closed:
		_ = c.Conn.CloseWrite() // the server has closed first, as it should; if this fails, it has not even waited
		return io.EOF
	case err == io.EOF:
		return errors.New("the connection ended without a close frame")
	case err != nil:
		return err
	case c.closed:
		return errors.New("a frame came behind the close frame")
	case frame.Header.OpCode == ws.OpClose:
		c.closed = true
		return nil
	case frame.Header.OpCode != ws.OpText || !frame.Header.Fin:
		return fmt.Errorf("a frame that the chat does not send: %+v", frame.Header)
	}
	event, err := session.ParseJSON(frame.Payload)
	if err == nil && !c.own(&event) {
		c.text = event.AppendText(c.text)
	}
	return err
}

// own reports whether the client itself has just said that: a terminal is not told.
func (c *frameConn) own(e *session.Event) bool {
	switch {
	case e.Kind == session.Named:
		c.names[e.To] = true
	case e.Kind == session.Earlier:
		c.earlier = e.Count
	case e.Spoken() && c.earlier > 0:
		c.earlier--
	case e.Spoken():
		return c.names[e.From]
	}
	return false
}

// Write sends all lines of p at once. If that fails, n counts those whose frames have gone; one that has gone in part
// goes on before all that is written later.
func (c *frameConn) Write(p []byte) (n int, err error) {
	frames := [][]byte{c.unsent}
	takes := []int{0} // how many bytes of p are in the frame
	fragmented := c.fragmented
	for rest := p; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte{'\n'})
		kind := ws.OpText
		if fragmented {
			kind = ws.OpContinuation
		}
		fragmented = !whole
		frames = append(frames, compiled(ws.NewFrame(kind, whole, line)))
		takes = append(takes, len(rest)-len(after))
		rest = after
	}
	sent, err := c.Conn.Write(bytes.Join(frames, nil))
	for i, frame := range frames {
		if sent == 0 {
			break
		}
		gone := min(sent, len(frame))
		sent -= gone
		if c.unsent = frame[gone:]; len(c.unsent) == 0 {
			n += takes[i]
		}
		if i > 0 {
			c.fragmented = frame[0]&0x80 == 0 // no FIN: the message goes on
		}
	}
	return n, err
}

// CloseWrite sends a close frame: the page's way to say that nothing more comes.
func (c *frameConn) CloseWrite() error {
	closing := compiled(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, "")))
	_, err := c.Conn.Write(append(c.unsent, closing...))
	return err
}

func compiled(frame ws.Frame) []byte { return ws.MustCompileFrame(ws.MaskFrame(frame)) }
