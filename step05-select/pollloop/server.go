package pollloop

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// A Server gives each connection to the chat of its Hub. It does what [selectloop.Server] does, on another engine.
// Make one with [New]. It serves once.
type Server struct {
	config Config
	polled asyncnet.Server
}

// A Config says how a Server works. Hub must be set; its other fields may be zero.
type Config struct {
	Hub *hub.Hub

	// Client is how each client is treated.
	Client client.Settings

	// MaxLine is how long a line may be, in bytes, without its end. 0 means [lines.DefaultMax].
	MaxLine int

	// Network makes the network, see [asyncnet.Server]. nil means the best one that the system has.
	Network func() (asyncnet.Network, error)

	// Workers is how many goroutines poll. 0 means 1.
	Workers int

	// MaxConns and DrainTimeout are those of [tcp.Server].
	MaxConns     int
	DrainTimeout time.Duration

	// Logger receives panics, and at debug level how each connection ended. nil means [slog.Default].
	Logger *slog.Logger
}

// New returns a Server.
func New(config Config) *Server {
	s := &Server{config: config}
	network := config.Network
	if network == nil {
		network = func() (asyncnet.Network, error) { return asyncnet.New("") }
	}
	s.polled = asyncnet.Server{
		Handler: func(ctx context.Context, rt *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
			codec := &session.Lines{Decoder: lines.Decoder{Max: config.MaxLine}}
			return &lingering{conn: s.newConn(ctx, rt, conn, codec, hub.Entry{}, nil)}
		},
		Network: network, Workers: config.Workers,
		MaxConns: config.MaxConns, DrainTimeout: config.DrainTimeout, Logger: config.Logger,
	}
	return s
}

// Serve accepts clients until ctx ends or the listener fails, and closes the listener. It returns what
// [asyncnet.Server.Serve] returns, with the exception that [selectloop.Server.Serve] makes, too: clients that did not
// read, and were cut after DrainTimeout, are no error.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	err := s.polled.Serve(ctx, listener)
	if cut, ok := errors.AsType[*tcp.CutError](err); ok && cut.Stuck == 0 && ctx.Err() != nil {
		cmp.Or(s.config.Logger, slog.Default()).Debug("pollloop: stopped", "err", err)
		return nil
	}
	return err
}

// ServeClient serves a client whose connection others have accepted, which talks as codec says and has sent the bytes of
// read already. It takes conn over, and fails unless Serve runs. It returns when conn is closed: with a network that takes
// the socket out of conn, as epoll does, at once, so that the caller's goroutine can end; otherwise when the client has left and has
// what was written to it. ctx is not used: a client is told of the end of the one that Serve has.
//
// A client that has left in good order is given [tcp.LingerTime] to read its last bytes and to close.
func (s *Server) ServeClient(_ context.Context, netConn net.Conn, codec session.Codec, entry hub.Entry, read []byte) error {
	// Around the wrapper of tcp.Server: the network wants the socket itself.
	if wrapped, ok := netConn.(interface{ NetConn() net.Conn }); ok {
		netConn = wrapped.NetConn()
	}
	conn := watch(netConn)
	err := s.polled.Adopt(conn, func(ctx context.Context, rt *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
		return &lingering{conn: s.newConn(ctx, rt, conn, codec, entry, read)}
	})
	if err == nil {
		<-conn.closed
	}
	return err
}
