package party

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
	"unicode/utf8"

	"example.com/async/step05-select/session"
)

// leave leaves in good order, in one of the ways that there are, and looks whether the server agrees.
func (p *person) leave() error {
	p.names.release(p.number)
	p.diary.leaving()
	p.conn.Leave()
	goodbye := false
	var err error
	if !p.hasty && p.random.IntN(2) == 0 { // a hasty one's command could be refused
		_, err = p.ask("/quit", func(e session.Event) bool { goodbye = e.Text == "goodbye"; return goodbye })
	} else {
		typed, _ := tag{p.number, p.numbers + 1}.line(p.Seed)
		if !onWeb(p.number) && p.random.IntN(2) == 0 && utf8.ValidString(typed) {
			p.numbers++
			p.lines++
			_, err = p.conn.Socket().Write([]byte(typed)) // without its end it is a line, too, if it is UTF-8
		}
		err = errors.Join(err, p.conn.Finish())
	}
	if err == nil {
		err = p.end()
	}
	p.conn.Socket().Close()
	<-p.ended
	if err != nil {
		return err
	}
	if published := p.truth.published(p.number); published+int(p.refused.Load()) != p.lines {
		p.fault("%s has said %d lines and left in good order: %d were said in its room, and %d refused", p.who, p.lines, published, p.refused.Load())
	}
	return nil
}

// end waits for the end of the connection, which must be in good order.
func (p *person) end() error {
	select {
	case <-p.ended:
	case <-time.After(p.Patience):
		return fmt.Errorf("it has finished, and after %v its connection has not been closed", p.Patience)
	}
	if p.err != io.EOF {
		return fmt.Errorf("it has finished, and its connection has ended so: %w", p.err)
	}
	return nil
}

// vanish resets the connection.
func (p *person) vanish() {
	p.names.release(p.number)
	if tcp, ok := p.conn.Socket().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // so that Close resets it
	}
	p.conn.Socket().Close()
	<-p.ended
}

// failed notes a fault of the server toward this person, unless the soak was interrupted.
func (p *person) failed(ctx context.Context, doing string, err error) {
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.fault("%s %s, and nothing came any more", p.who, doing)
	default:
		p.fault("%s %s: %v", p.who, doing, err)
	}
}
