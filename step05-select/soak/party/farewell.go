package party

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// farewell stops the server while people are there who talk, and some who don't read. Who reads must get all
// that was said before, the server's last word, and the end; the server must have stopped when the drain time is over.
func (r *run) farewell(ctx context.Context) error {
	r.begin()
	stopped := false
	stop := func() error {
		stopped = true
		r.server.stop()
		return r.server.wait(r.Drain + r.Patience)
	}
	defer func() {
		if !stopped {
			_ = stop() // another error is on its way
		}
	}()
	pairs, err := r.seatAll(ctx)
	if err != nil {
		return err
	}
	var deaf []*person
	for range 2 {
		for _, web := range []bool{true, false} {
			p := r.newPerson(r.next(web))
			p.hasty = true
			if err := p.connect(ctx, true, wire.Entry{}); err != nil {
				return err
			}
			p.gate.Lock()
			_ = p.conn.Socket().SetWriteDeadline(time.Now().Add(time.Second))
			for i := 0; i < 300 && p.conn.Say([]byte("/help")) == nil; i++ {
			}
			deaf = append(deaf, p)
		}
	}
	pause(ctx, 3*speakEvery)
	for _, p := range pairs {
		p.listener.parts()
		p.witness.parts()
	}
	if err := stop(); err != nil {
		r.fault("%v", err)
	}
	for _, p := range pairs {
		p.hush()
		p.talking.Wait()
		p.listener.parted()
		p.witness.parted()
	}
	for _, p := range deaf {
		p.gate.Unlock()
		p.vanish()
	}
	r.judge()
	return nil
}

// parts is called before the server stops.
func (p *person) parts() {
	p.names.release(p.number)
	p.diary.leaving()
	p.parting.Store(true)
}

// parted looks, after the server has stopped, whether the person has got its last word.
func (p *person) parted() {
	select {
	case <-p.ended:
	case <-time.After(p.Patience):
		p.fault("the server has stopped, and the connection of %s is open", p.who)
		p.vanish()
		return
	}
	if !p.farewell.Load() {
		p.fault("the server has stopped, and has not told %s", p.who)
	}
	closed, ok := errors.AsType[*wire.CloseError](p.err)
	good := p.err == io.EOF
	if onWeb(p.number) {
		good = ok && closed.Code == ws.StatusGoingAway
	}
	if !good {
		p.fault("the server has stopped, and the connection of %s has ended so: %v", p.who, p.err)
	}
	p.conn.Socket().Close()
}

// isFarewell reports whether this is the server's last word.
func isFarewell(e session.Event) bool {
	return e.Kind == session.Notice && strings.Contains(e.Text, "the server stops")
}
