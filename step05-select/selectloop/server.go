package selectloop

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// A Server gives each connection to the chat of its Hub, which must be set. Set the fields before its first
// use, and don't change them afterwards.
//
// It is a [tcp.Handler] for clients that talk in lines; [Server.Serve] brings the accept loop.
type Server struct {
	Hub *hub.Hub

	// Client is how each client is treated.
	Client client.Settings

	// MaxLine is how long a line may be, in bytes, without its end. 0 means [lines.DefaultMax].
	MaxLine int

	// MaxConns and DrainTimeout are those of [tcp.Server].
	MaxConns     int
	DrainTimeout time.Duration

	// Logger receives at debug level how each connection ended. nil means [slog.Default].
	Logger *slog.Logger
}

var _ tcp.Handler = (*Server)(nil)

// Serve accepts clients until ctx ends or the listener fails, and closes the listener. When ctx ends, each
// client gets what was said before and is told that the server stops, and then its connection ends.
//
// It returns what [tcp.Server.Serve] returns, with one exception: clients that did not
// read, and were cut after DrainTimeout, are no error.
//
// Serve blocks. A Server can serve several listeners.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	accept := tcp.Server{Handler: s, MaxConns: s.MaxConns, DrainTimeout: s.DrainTimeout, Logger: s.Logger}
	err := accept.Serve(ctx, listener)
	if cut, ok := errors.AsType[*tcp.CutError](err); ok && cut.Stuck == 0 && ctx.Err() != nil {
		s.logger().Debug("selectloop: stopped", "err", err)
		return nil
	}
	return err
}

// ServeTCP serves a client that talks in lines. Whatever it has typed behind its /quit, it can read the goodbye.
func (s *Server) ServeTCP(ctx context.Context, conn net.Conn) error {
	return s.terminal(conn).serve(ctx)
}

// ServeClient serves a client that talks as codec says, and that has sent the bytes of read already. It
// returns when the client has left, has not read for too long, or ctx has ended; both goroutines of the client have
// ended by then. The caller closes the connection; the client had time to read what it was told last, see [tcp.Linger].
func (s *Server) ServeClient(ctx context.Context, conn net.Conn, codec session.Codec, entry hub.Entry, read []byte) error {
	return s.enter(conn, codec, entry, read).serve(ctx)
}

// terminal lets a client in that talks in lines.
func (s *Server) terminal(netConn net.Conn) *conn {
	return s.enter(netConn, &session.Lines{Decoder: lines.Decoder{Max: s.MaxLine}}, hub.Entry{}, nil)
}

// enter lets a client in, and greets it. It does so on a goroutine of its own, which takes its stack with it: what is
// needed only at the beginning takes more than the 2 KiB with which a stack begins, and one that has grown
// stays so for as long as the client does.
func (s *Server) enter(netConn net.Conn, codec session.Codec, entry hub.Entry, read []byte) *conn {
	entered := make(chan *conn)
	go func() {
		c := s.newConn(netConn, codec, entry)
		c.greet(read)
		entered <- c
	}()
	return <-entered
}

// greet hears what the client has sent already, and writes to it what it is told first.
func (c *conn) greet(read []byte) {
	defer c.keepPanic()
	if len(read) > 0 {
		c.client.Hear(read)
	}
	c.err = c.writePending()
}

func (s *Server) newConn(netConn net.Conn, codec session.Codec, entry hub.Entry) *conn {
	// Around the wrapper of tcp.Server, whose time limits are not used here.
	if wrapped, ok := netConn.(interface{ NetConn() net.Conn }); ok {
		netConn = wrapped.NetConn()
	}
	settings := s.Client.WithDefaults()
	c := &conn{
		net:    netConn,
		client: client.New(s.Hub, codec, entry, settings),
		input:  make(chan input),
		readOn: make(chan struct{}, 1),
	}
	c.deadline.Limit = settings.WriteTimeout
	if _, asks := codec.AppendPing(nil); asks {
		c.ping = time.NewTicker(settings.PingEvery)
	}
	return c
}

func (s *Server) logger() *slog.Logger { return cmp.Or(s.Logger, slog.Default()) }
