package chat

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat/lines"
)

// A Server is a chat room with one [Hub]. The zero value is ready. Set the fields before its first use, and don't
// change them afterwards.
//
// It is a [tcp.Handler]; [Server.Serve] brings the accept loop.
type Server struct {
	// Hub passes the messages on. nil means [NewChannelHub] with [DefaultCapacity].
	Hub Hub[[]byte]

	// MaxLine is how long a line may be, in bytes, without its end. 0 means [lines.DefaultMax]. A longer
	// one is refused with a notice, and its client stays.
	MaxLine int

	// WriteTimeout is how long a client may leave what is written to it unread, before it is
	// cut off. It can take an eighth more. 0 means 30 s.
	WriteTimeout time.Duration

	// MaxConns and DrainTimeout are those of [tcp.Server].
	MaxConns     int
	DrainTimeout time.Duration

	// Logger receives at debug level who comes, and how each connection ended. nil means [slog.Default].
	Logger *slog.Logger

	once sync.Once
	hub  Hub[[]byte]
	pace Pace
}

// defaultWriteTimeout is long enough for a laptop that changes from one network to another.
const defaultWriteTimeout = 30 * time.Second

// Serve accepts clients until ctx ends or the listener fails, and closes the listener. When ctx ends, each
// client gets what was said before, and then its connection ends.
//
// It returns what [tcp.Server.Serve] returns, with one exception: clients that did not
// read, and were cut after DrainTimeout, are no error.
//
// Serve blocks. A Server can serve several listeners as one room.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	accept := tcp.Server{Handler: s, MaxConns: s.MaxConns, DrainTimeout: s.DrainTimeout, Logger: s.Logger}
	err := accept.Serve(ctx, listener)
	if cut, ok := errors.AsType[*tcp.CutError](err); ok && cut.Stuck == 0 && ctx.Err() != nil {
		s.logger().Debug("chat: stopped", "err", err)
		return nil
	}
	return err
}

// ServeTCP serves one client. It returns when the client has left, has not read for too long, or ctx has ended;
// both goroutines of the client have ended by then.
//
// Who ends what:
//
//   - This goroutine reads. When nothing more is to be read, whyever, it closes toWriter. The writer
//     then writes what is pending, and ends.
//   - When a write fails, the writer closes the connection, which ends the read.
//   - In either case the writer closes toReader last of all, and the reader waits for that.
//   - The caller closes the connection when ServeTCP has returned; for the client that is the end. If it is the
//     server that ends, a client has a second to close first: see [tcp.Linger].
//
// So neither outlives the other: the reader is ended by the close, the writer by that of toWriter, and a
// writer that is blocked by its deadline. No channel is closed by anybody but the one goroutine that sends on it.
//
// A client that half-closes, as nc -N does, leaves: what it has said is delivered, and what others had
// said until then is written to it. It does not stay as a listener, because TCP shows the FIN of a
// program that has ended and that of one that goes on reading in the same way.
func (s *Server) ServeTCP(ctx context.Context, conn net.Conn) error {
	c := s.enter(conn)
	defer s.leave(c)

	s.logCome(ctx, conn)
	go c.writeAll(ctx)
	readErr := c.read(ctx)
	close(c.toWriter)
	for range c.toReader { // until it is closed
	}

	if readErr != nil && !errors.Is(readErr, net.ErrClosed) {
		return readErr // the writer, then, only saw what this led to
	}
	if c.writeErr == nil && ctx.Err() != nil { // else the client has said that no more will come
		tcp.Linger(conn)
	}
	return c.writeErr
}

// enter lets a client in. It is no part of ServeTCP because that stays on the stack as long as the
// client: what is needed only at the beginning would be held in its frame, and the goroutine of an idle client
// would not fit into the 2 KiB of stack that it begins with. A stack that has grown to 4 never shrinks again.
func (s *Server) enter(conn net.Conn) *client {
	s.once.Do(s.init)
	// Around the wrapper of tcp.Server, whose time limits are not used here: it takes some stack, too.
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = wrapped.NetConn()
	}
	c := &client{
		conn:     conn,
		pace:     &s.pace,
		member:   s.hub.Join(),
		deadline: WriteDeadline{Limit: cmp.Or(s.WriteTimeout, defaultWriteTimeout)},
		decoder:  lines.Decoder{Max: s.MaxLine},
		toWriter: make(chan struct{}, 1),
		toReader: make(chan struct{}, 1),
	}
	s.pace.Enter(c)
	return c
}

// logCome asks before it logs: even a line that goes nowhere takes more than those 2 KiB.
func (s *Server) logCome(ctx context.Context, conn net.Conn) {
	if logger := s.logger(); logger.Enabled(ctx, slog.LevelDebug) {
		logger.Debug("chat: a client has come", "peer", conn.RemoteAddr())
	}
}

func (s *Server) leave(c *client) {
	s.pace.Leave(c)
	c.member.Leave()
}

func (s *Server) init() {
	s.hub = s.Hub
	if s.hub == nil {
		s.hub = NewChannelHub[[]byte](DefaultCapacity)
	}
}

func (s *Server) logger() *slog.Logger { return cmp.Or(s.Logger, slog.Default()) }

// A client is what its two goroutines share.
type client struct {
	conn   net.Conn
	pace   *Pace
	member Member[[]byte]

	// The reader's alone:
	telnet  lines.Telnet
	decoder lines.Decoder
	prefix  string // of its messages, once it has said something

	// The writer's alone, until toReader is closed:
	deadline WriteDeadline
	writeErr error

	// tooLong counts the lines that were refused and not yet told of: the reader adds, the writer takes.
	// So notices need no queue.
	tooLong atomic.Int64
	asked   atomic.Bool // telnet waits for an answer, see [lines.Telnet]; the same way
	writing atomic.Bool // the writer is in the middle of a Write
	gone    atomic.Bool // the writer has ended

	// Each of the two gives the other signals, and closes its channel when it ends. With room for one: to give one never
	// blocks, and many are as good as one.
	toWriter chan struct{} // there is something in tooLong or asked
	toReader chan struct{} // something was taken and written
}

// signal gives a signal, unless there is one that was not yet seen.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
