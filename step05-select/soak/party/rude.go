package party

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gobwas/ws"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// rude breaks the rules, and looks whether the answer is the right one. What becomes of the others meanwhile, those see.
func (p *person) rude(ctx context.Context) error {
	switch {
	case !onWeb(p.number) && p.random.IntN(2) == 0:
		return p.tooLong(ctx)
	case !onWeb(p.number):
		return p.rubbish(ctx)
	case p.random.IntN(2) == 0:
		return p.badHandshake(ctx)
	default:
		return p.badFrame(ctx)
	}
}

// tooLong sends lines that are too long. It is told that, and stays.
func (p *person) tooLong(ctx context.Context) error {
	if err := p.connect(ctx, false, wire.Entry{}); err != nil {
		return err
	}
	defer p.vanish()
	long := strings.Repeat("x", lines.DefaultMax+1+p.random.IntN(1<<20))
	_, err := p.ask(long, func(e session.Event) bool { return e.Kind == session.Notice && strings.Contains(e.Text, "too long") })
	if err != nil {
		return errors.New("a line was too long, and it is not told that")
	}
	if err := p.say(); err != nil {
		return err
	}
	return p.leave()
}

// rubbish sends what comes, and goes, perhaps in the middle of it.
func (p *person) rubbish(ctx context.Context) error {
	if err := p.connect(ctx, false, wire.Entry{}); err != nil {
		return err
	}
	defer p.vanish()
	p.hasty = true
	bytes := make([]byte, p.random.IntN(20<<10))
	for i := range bytes {
		bytes[i] = byte(p.random.Uint32())
	}
	_, _ = p.conn.Socket().Write(bytes)
	if p.random.IntN(2) == 0 {
		p.names.release(p.number)
		_ = p.conn.Finish()
		select {
		case <-p.ended:
		case <-ctx.Done():
		}
		if p.err != io.EOF {
			return fmt.Errorf("it has sent rubbish and finished, and its connection ended so: %w", p.err)
		}
	}
	return nil
}

// handshakes are wrong in one field each; status is the right answer.
var handshakes = []struct {
	field, value string
	status       int
}{
	{"Origin", "http://elsewhere.example", 403},
	{"Origin", "null", 403},
	{"Host", "elsewhere.example", 421},
	{"Sec-WebSocket-Version", "12", 426},
	{"Sec-WebSocket-Key", "short", 400},
	{"Upgrade", "h2c", 426},
	{"Connection", "close", 426},
	{"Host", "not a host\x01", 400},
}

func (p *person) badHandshake(ctx context.Context) error {
	conn, err := p.dial(ctx, p.server.page)
	if err != nil {
		return err
	}
	defer conn.Close()
	wrong := pick(p, handshakes)
	fields := wire.Handshake(conn)
	fields[wrong.field] = wrong.value
	status, err := wire.Shake(conn, bufio.NewReader(conn), "/chat", fields)
	if err == nil && status != wrong.status {
		p.fault("%s has shaken hands with %s: %q, and was answered with status %d, not %d", p.who, wrong.field, wrong.value, status, wrong.status)
	}
	return err
}

// badFrames are what no page sends; code is what the server closes the WebSocket with.
var badFrames = []struct {
	name  string
	bytes []byte
	code  ws.StatusCode
}{
	{"a frame without a mask", ws.MustCompileFrame(ws.NewTextFrame([]byte("hello"))), ws.StatusProtocolError},
	{"bytes", masked(ws.NewBinaryFrame([]byte{1, 2, 3})), ws.StatusUnsupportedData},
	{"text that is no UTF-8", masked(ws.NewTextFrame([]byte("a\xffb"))), ws.StatusInvalidFramePayloadData},
	{"half a message that continues none", masked(ws.NewFrame(ws.OpContinuation, true, []byte("x"))), ws.StatusProtocolError},
	{"two first halves", append(masked(ws.NewFrame(ws.OpText, false, []byte("x"))), masked(ws.NewTextFrame([]byte("y")))...), ws.StatusProtocolError},
	{"an opcode that there is not", masked(ws.NewFrame(3, true, nil)), ws.StatusProtocolError},
	{"a control frame in pieces", masked(ws.NewFrame(ws.OpPing, false, nil)), ws.StatusProtocolError},
	{"the header of a huge frame", []byte{0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4}, ws.StatusMessageTooBig},
	{"a close frame with half a code", masked(ws.NewCloseFrame([]byte{3})), ws.StatusProtocolError},
}

func masked(frame ws.Frame) []byte { return ws.MustCompileFrame(ws.MaskFrame(frame)) }

func (p *person) badFrame(ctx context.Context) error {
	if err := p.connect(ctx, false, wire.Entry{Room: pick(p, rooms)}); err != nil {
		return err
	}
	defer p.vanish()
	if err := p.say(); err != nil {
		return err
	}
	p.names.release(p.number)
	wrong := pick(p, badFrames)
	if _, err := p.conn.Socket().Write(wrong.bytes); err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		return ctx.Err()
	}
	closed, ok := errors.AsType[*wire.CloseError](p.err)
	if !ok || closed.Code != wrong.code {
		p.fault("%s has sent %s, and should be closed with status %d, but: %v", p.who, wrong.name, wrong.code, p.err)
	}
	return nil
}
