package party

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// A person is a client that is served: it reads all the time, keeps a diary, and says what its kind says.
type person struct {
	*run
	number  uint32
	who     string
	random  *rand.Rand
	conn    wire.Conn
	diary   *diary
	hasty   bool // it says more than it may, and can be refused
	refused atomic.Int64
	lines   int        // how many lines it has said
	numbers uint32     // of its lines
	secrets uint32     // of its whispers
	gate    sync.Mutex // held while it does not read

	asking atomic.Bool
	told   chan session.Event // while it asks for something
	ended  chan struct{}      // closed when it reads no more
	err    error              // then: why

	watched  atomic.Pointer[room] // nil but for a witness
	parting  atomic.Bool          // the server is about to stop
	farewell atomic.Bool          // and has said so
}

// dial connects; the connection lasts for as long as anything can take.
func (r *run) dial(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(r.aRound() + 3*r.Patience))
	}
	return conn, err
}

// newPerson returns a person who has not come yet.
func (r *run) newPerson(number uint32) *person {
	p := &person{
		run: r, number: number, who: fmt.Sprintf("client %d", number), random: rand.New(rand.NewPCG(r.Seed, uint64(number))),
	}
	p.diary = &diary{
		run: r, truth: r.truth, who: p.who, client: number, echo: onWeb(number), keys: make(map[string]bool), heard: make(map[uint32]uint32),
	}
	r.mu.Lock()
	r.diaries = append(r.diaries, p.diary)
	r.mu.Unlock()
	return p
}

// connect lets the person come in. It has been told its name and its room when connect returns. A narrow one has little room for what
// it does not read.
func (p *person) connect(ctx context.Context, narrow bool, entry wire.Entry) error {
	address := p.server.lines
	if onWeb(p.number) {
		address = p.server.page
	}
	socket, err := p.dial(ctx, address)
	if err != nil {
		return err
	}
	if tcp, ok := socket.(*net.TCPConn); ok && narrow {
		err = tcp.SetReadBuffer(narrowRoom)
	}
	conn := wire.Lines(socket)
	if err == nil && onWeb(p.number) {
		conn, err = wire.WebSocket(socket, entry)
	}
	if err != nil {
		socket.Close()
		return err
	}
	p.conn = conn
	p.told, p.ended, p.err = make(chan session.Event, 64), make(chan struct{}), nil
	p.asking.Store(true)
	go p.read()
	_, err = p.await(func(e session.Event) bool { return e.Kind == session.Entered })
	if err != nil {
		p.vanish()
	}
	return err
}

// read reads to the end.
func (p *person) read() {
	defer close(p.ended)
	for {
		p.waitAtGate()
		e, err := p.conn.Next()
		if err != nil {
			p.err = err
			return
		}
		p.diary.hear(e)
		switch {
		case e.Kind == session.Named:
			p.names.hold(p.number, e.To)
		case e.Kind == session.Missed:
			p.missed.Add(int64(e.Count))
			if room := p.watched.Load(); room != nil {
				p.diary.truth.blind(room)
			}
		case e.Kind == session.Notice:
			p.noticed(e.Text)
			if isFarewell(e) {
				p.farewell.Store(true)
			}
		case e.Movement() && p.watched.Load() != nil:
			p.diary.truth.moved(p.watched.Load(), e)
		}
		if !e.Spoken() && !e.Movement() && p.asking.Load() {
			p.told <- e
		}
	}
}

// waitAtGate waits while the person does not read.
func (p *person) waitAtGate() {
	p.gate.Lock()
	defer p.gate.Unlock()
}

// noticed looks whether a line was refused.
func (p *person) noticed(text string) {
	rest, ok := strings.CutPrefix(text, "you talk too much: nobody has got ")
	if !ok {
		return
	}
	n := 1
	if _, err := fmt.Sscanf(rest, "%d of your lines", &n); err != nil && rest != "your line" {
		p.fault("%s is told %q", p.who, text)
	}
	p.refused.Add(int64(n))
	p.run.refused.Add(int64(n))
	if !p.hasty {
		p.fault("%s has stayed within the rate, and is told %q", p.who, text)
	}
}

// say says its next line in the room.
func (p *person) say() error {
	p.numbers++
	typed, _ := tag{p.number, p.numbers}.line(p.Seed)
	p.lines++
	p.said.Add(1)
	return p.conn.Say([]byte(typed))
}
