package chat

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"example.com/async/step01-tcp/tcp"
	step4 "example.com/async/step04-chat/chat"
)

const (
	// capacity is how many messages the ring holds. A chat has 128; here each slot is drawn.
	capacity = 16
	// kernelBuffer is how much the kernel shall keep for a connection, on each side, in bytes. With its usual
	// megabytes nobody would see a slow reader lag: they are a longer queue than any ring.
	kernelBuffer = 4 << 10
	// guests is how many clients may come by nc, besides the terminals.
	guests = 4
	// mostLine is how long a line may be that somebody types, in bytes.
	mostLine = 400
	// idleLimit ends a room whose page was left open and forgotten.
	idleLimit = 10 * time.Minute
)

// names are those of the terminals.
var names = []string{"A", "B", "C", "D"}

// A room is a chat server with its terminals.
type room struct {
	id        string
	address   string
	ring      *ring
	server    step4.Server
	terminals []*terminal

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	flood    flood
	acted    atomic.Value // a time.Time: when somebody has done something
	lastView view         // of next alone
	lastSent time.Time
}

// openRoom opens a room. It cuts off who does not read for writeTimeout, 0 is what step 4's server has. The caller calls stop, and wait after it.
func openRoom(id string, writeTimeout time.Duration) (*room, error) {
	listener, err := tcp.Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &room{id: id, address: listener.Addr().String(), ring: newRing(capacity)}
	r.server.Hub, r.server.WriteTimeout = r.ring, writeTimeout
	r.ctx, r.stop = context.WithCancel(context.Background())
	r.acted.Store(time.Now())
	accept := tcp.Server{
		Handler: tcp.HandlerFunc(r.serve), MaxConns: len(names) + guests,
		DrainTimeout: -1, // nobody is there any more who would read a farewell
		Logger:       slog.New(slog.DiscardHandler),
	}
	r.running.Go(func() { _ = accept.Serve(r.ctx, listener) }) // it cuts connections, and says so
	r.running.Go(func() { r.flood.run(r.ctx) })
	for _, name := range names {
		t := newTerminal(name)
		r.terminals = append(r.terminals, t)
		r.running.Go(func() { t.run(r.ctx, r.address) })
	}
	return r, nil
}

// wait waits until all goroutines of the room have ended, after stop.
func (r *room) wait() { r.running.Wait() }

// serve gives a connection to step 4's server.
func (r *room) serve(ctx context.Context, conn net.Conn) error {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		if accepted, ok := wrapped.NetConn().(*net.TCPConn); ok {
			_ = accepted.SetWriteBuffer(kernelBuffer) // else it takes longer until somebody lags
		}
	}
	r.ring.expect(conn.RemoteAddr())
	return r.server.ServeTCP(ctx, conn)
}

// An action is what a page asks for.
type action struct {
	// Do is "say", "pace", "flood", "calm" or "connect".
	Do string `json:"do"`
	// Terminal is the number of the terminal that shall do it, from 0.
	Terminal int `json:"terminal"`
	// Text is what to say.
	Text string `json:"text"`
	// Lines is how many lines a second to read: 0 is none, and 1000 or more as many as there are.
	Lines int `json:"lines"`
}

func (r *room) do(a action) error {
	if a.Terminal < 0 || a.Terminal >= len(r.terminals) {
		return &refusal{400, "there is no such terminal"}
	}
	r.acted.Store(time.Now())
	t := r.terminals[a.Terminal]
	switch a.Do {
	case "say":
		return r.say(t, a.Text)
	case "pace":
		t.pace.set(a.Lines)
	case "flood":
		r.flood.begin(t)
	case "calm":
		r.flood.stop()
	case "connect":
		r.connect(t)
	default:
		return &refusal{400, "this is not an action"}
	}
	return nil
}

// connect lets a terminal come again that is not in the room any more.
func (r *room) connect(t *terminal) {
	c := t.now.Load()
	if c == nil || r.ring.has(c.address) {
		return
	}
	c.hangUp()
	select {
	case t.again <- struct{}{}:
	default: // was asked already
	}
}

// say hands a line to the terminal, which sends it when the server takes it.
func (r *room) say(t *terminal, text string) error {
	switch {
	case text == "":
		return &refusal{400, "there is nothing to say"}
	case len(text) > mostLine || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n"):
		return &refusal{400, fmt.Sprintf("it must be one line of at most %d bytes", mostLine)}
	}
	select {
	case t.typed <- text:
		return nil
	default:
		return &refusal{429, "the server does not take lines from " + t.name + " now: who does not read is not listened to"}
	}
}
