package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/gobwas/ws"

	"example.com/async/step05-select/session"
)

// An Entry is what the page asks for when it connects.
type Entry struct {
	Name, Room string
	Since      uint64
}

// WebSocket shakes hands as the page does, and returns its Conn.
func WebSocket(conn net.Conn, entry Entry) (Conn, error) {
	query := url.Values{"name": {entry.Name}, "room": {entry.Room}, "since": {strconv.FormatUint(entry.Since, 10)}}
	in := bufio.NewReaderSize(conn, 1<<10)
	status, err := Shake(conn, in, "/chat?"+query.Encode(), Handshake(conn))
	if err != nil {
		return nil, err
	}
	if status != 101 {
		return nil, fmt.Errorf("the handshake was answered with status %d", status)
	}
	return &page{conn: conn, in: in}, nil
}

// Handshake returns the header fields of a good handshake.
func Handshake(conn net.Conn) map[string]string {
	return map[string]string{
		"Host": conn.RemoteAddr().String(), "Origin": "http://" + conn.RemoteAddr().String(), "Connection": "keep-alive, Upgrade",
		"Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	}
}

// accept answers the key of Handshake, as RFC 6455 section 1.3 has it.
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

// Shake sends a request with those fields, and returns the status of the response.
func Shake(conn net.Conn, in *bufio.Reader, target string, fields map[string]string) (status int, err error) {
	request := "GET " + target + " HTTP/1.1\r\n"
	for name, value := range fields {
		request += name + ": " + value + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, err
	}
	if response.StatusCode != 101 {
		_, err = io.Copy(io.Discard, response.Body)
		return response.StatusCode, err
	}
	if got := response.Header.Get("Sec-WebSocket-Accept"); got != accept {
		return 101, fmt.Errorf("the handshake was answered with the key %q", got)
	}
	return 101, nil
}

// A CloseError says that the server has closed the WebSocket, and why.
type CloseError struct {
	Code   ws.StatusCode
	Reason string
}

func (e *CloseError) Error() string { return fmt.Sprintf("closed with status %d %s", e.Code, e.Reason) }

type page struct {
	conn net.Conn
	in   *bufio.Reader
	end  error // the close frame that has come

	leaving atomic.Bool
	writing sync.Mutex // pongs, which the reader writes, and lines
}

func (p *page) Say(line []byte) error { return p.write(ws.NewTextFrame(line)) }

func (p *page) write(frame ws.Frame) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	_, err := p.conn.Write(ws.MustCompileFrame(ws.MaskFrame(frame)))
	return err
}

// Next returns [io.EOF] only if a close frame came before with status 1000, and a [*CloseError] for another one.
func (p *page) Next() (session.Event, error) {
	for {
		frame, err := ReadFrame(p.in)
		switch {
		case err != nil && p.end != nil: // after the close frame it doesn't matter how the connection ends
			return session.Event{}, p.end
		case err == io.EOF:
			return session.Event{}, io.ErrUnexpectedEOF
		case err != nil:
			return session.Event{}, err
		case p.end != nil:
			return session.Event{}, errors.New("a frame came after the close frame")
		case frame.Header.OpCode == ws.OpText:
			return session.ParseJSON(frame.Payload)
		case frame.Header.OpCode == ws.OpPing:
			if !p.leaving.Load() {
				_ = p.write(ws.NewPongFrame(frame.Payload)) // if it fails, reading tells
			}
		case frame.Header.OpCode == ws.OpClose:
			code, reason := ws.ParseCloseFrameData(frame.Payload)
			p.end = &CloseError{code, reason}
			if code == ws.StatusNormalClosure {
				p.end = io.EOF
			}
		}
	}
}

// ReadFrame reads a frame of the server.
func ReadFrame(in io.Reader) (frame ws.Frame, err error) {
	if frame.Header, err = ws.ReadHeader(in); err != nil {
		return frame, err
	}
	const most = 4 << 20 // /help, /who and the like are far below
	if frame.Header.Masked || frame.Header.Length > most {
		return frame, fmt.Errorf("no frame of a server: %+v", frame.Header)
	}
	frame.Payload = make([]byte, frame.Header.Length)
	_, err = io.ReadFull(in, frame.Payload)
	return frame, err
}

func (p *page) Leave() { p.leaving.Store(true) }

func (p *page) Finish() error {
	return p.write(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, "")))
}

func (p *page) Echo() bool       { return true }
func (p *page) Socket() net.Conn { return p.conn }
