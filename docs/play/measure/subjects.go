package measure

import (
	"context"
	"log/slog"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/httpfuture"
	"example.com/async/step04-chat/chat"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/pollloop"
	"example.com/async/step05-select/selectloop"
)

// A subject is a server that is measured.
type subject struct {
	step, name string
	kind       *kind
	// newServer makes one that nobody has used.
	newServer func() server
}

// A kind is what servers do that can be compared.
type kind struct {
	figure string // what is counted
	load   string // what is done to the server, in words
	// measure returns the figure of the server at address.
	measure func(ctx context.Context, address string) (float64, error)
}

// A server serves until ctx ends.
type server interface {
	Serve(ctx context.Context, listener net.Listener) error
}

var (
	answers = &kind{"requests a second", "64 connections, each with one request at a time", requests}
	talk    = &kind{"deliveries a second", "50 clients in one room, 5 of them flood, 64 messages under way", deliveries}
)

// subjects are in the order of the steps; the first of its kind is what the others are told as ratios to.
//
// net/http isn't one of them, for it is not in this program, which step 2 serves. The command load -compare has it.
var subjects = []subject{
	{"step 2", "a goroutine for each connection", answers, func() server { return newHTTP() }},
	{"step 3", "a Future for each connection", answers, func() server { return &httpfuture.Server{HTTP: newHTTP()} }},
	{"step 4", "the ring, two goroutines for each client", talk, func() server {
		return newRoom(chat.NewChannelHub[[]byte](chat.DefaultCapacity))
	}},
	{"step 4", "a mutex and a map instead of the ring", talk, func() server {
		return newRoom(chat.NewMutexHub[[]byte](chat.DefaultCapacity))
	}},
	{"step 5", "a select loop for each client", talk, func() server {
		return &selectloop.Server{Hub: hub.New(hub.Config{}), DrainTimeout: drain, Logger: quiet}
	}},
	{"step 5", "a Future for each client", talk, func() server {
		return pollloop.New(pollloop.Config{Hub: hub.New(hub.Config{}), DrainTimeout: drain, Logger: quiet})
	}},
}

// quiet is for servers whose clients vanish when the measurement is over.
var quiet = slog.New(slog.DiscardHandler)

// drain is how long a server may take to end. Nobody is connected then any more.
const drain = time.Second

const greeting = "Hello, world!"

func newHTTP() *httpd.Server {
	handler := httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) { w.WriteString(greeting) })
	return &httpd.Server{Handler: handler, DrainTimeout: drain, Logger: quiet}
}

func newRoom(h chat.Hub[[]byte]) *chat.Server {
	return &chat.Server{Hub: h, DrainTimeout: drain, Logger: quiet}
}

// measure starts the server, measures it and waits for its end.
func (s subject) measure(ctx context.Context) (float64, error) {
	listener, err := tcp.Listen("127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- s.newServer().Serve(serving, listener) }()
	figure, err := s.kind.measure(ctx, listener.Addr().String())
	stop()
	if serveErr := <-served; err == nil {
		err = serveErr
	}
	return figure, err
}
