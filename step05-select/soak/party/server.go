package party

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/pollloop"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

// A server is all that the command step05-select starts, put together in the same way.
type server struct {
	hub   *hub.Hub
	lines string // addresses
	page  string
	stop  context.CancelFunc
	ended chan error // gets what the two of them return
}

// Limits of the server. A web client that is silent is cut after four pings.
const (
	pingEvery    = 2 * time.Second
	writeTimeout = 10 * time.Second
)

type engine interface {
	Serve(ctx context.Context, listener net.Listener) error
	ServeClient(ctx context.Context, conn net.Conn, codec session.Codec, entry hub.Entry, read []byte) error
}

func start(o Options, link hub.Link) (*server, error) {
	s := &server{hub: hub.New(hub.Config{Link: link}), ended: make(chan error, 2)}
	settings := client.Settings{Rate: o.Rate, PingEvery: pingEvery, WriteTimeout: writeTimeout}
	quiet := slog.New(slog.DiscardHandler)
	var chat engine
	if o.Engine == "poll" {
		chat = pollloop.New(pollloop.Config{Hub: s.hub, Client: settings, DrainTimeout: o.Drain, Logger: quiet})
	} else {
		chat = &selectloop.Server{Hub: s.hub, Client: settings, DrainTimeout: o.Drain, Logger: quiet}
	}
	lines, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	page, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, lines.Close())
	}
	s.lines, s.page = lines.Addr().String(), page.Addr().String()
	page = &narrow{page}
	if o.Engine == "goroutine" { // the other one wants the socket itself
		lines = &narrow{lines}
	}
	if o.Wrap != nil {
		lines, page = o.Wrap(s.hub, lines), o.Wrap(s.hub, page)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	site := &web.Site{Hub: s.hub, Serve: chat.ServeClient, HTTP: new(httpd.Stats), Local: web.IsLoopback(page.Addr())}
	http := &httpd.Server{Handler: site.Handler(), Stats: site.HTTP, DrainTimeout: o.Drain, Logger: quiet}
	go func() { s.ended <- chat.Serve(ctx, lines) }()
	go func() {
		err := http.Serve(ctx, page)
		if cut, ok := errors.AsType[*tcp.CutError](err); ok && cut.Stuck == 0 && ctx.Err() != nil {
			err = nil // clients that did not read, and were cut
		}
		s.ended <- err
	}()
	return s, nil
}

// wait waits for the end, after stop.
func (s *server) wait(patience time.Duration) error {
	timeout := time.After(patience)
	for range 2 {
		select {
		case err := <-s.ended:
			if err != nil {
				return fmt.Errorf("the server has stopped with an error: %w", err)
			}
		case <-timeout:
			return fmt.Errorf("the server was told to stop, and has not, %v later", patience)
		}
	}
	return nil
}

// A narrow listener gives its connections little room for what the clients don't read, so that some do miss
// something. Otherwise the system would keep megabytes for each.
type narrow struct{ net.Listener }

// narrowRoom is how much that is: for each side, and still enough that TCP need not wait between two segments.
const narrowRoom = 16 << 10

func (n *narrow) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(narrowRoom) // then it has more room
	}
	return conn, err
}
