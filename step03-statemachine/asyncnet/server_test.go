package asyncnet

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A serving is a Server that serves in memory, with virtual time.
type serving struct {
	*testing.T
	listener *memnet.Listener
	log      logbook
	stop     context.CancelFunc
	returned chan error
}

func serve(t *testing.T, server *Server) *serving {
	s := &serving{T: t, listener: memnet.Listen(), returned: make(chan error, 1)}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	t.Cleanup(stop)
	server.Network, server.Logger = newPortable, s.log.logger()
	go func() { s.returned <- server.Serve(ctx, s.listener) }()
	return s
}

func (s *serving) dial() *memnet.Conn {
	s.Helper()
	conn, err := s.listener.Dial(s.Context())
	require.NoError(s, err)
	require.NoError(s, conn.SetDeadline(time.Now().Add(time.Hour)))
	return conn
}

// stopped stops the server, and returns what Serve returns.
func (s *serving) stopped() error {
	s.Helper()
	s.stop()
	return <-s.returned
}

func requireEcho(s *serving, client net.Conn, sentence string) {
	s.Helper()
	_, err := io.WriteString(client, "hello")
	require.NoError(s, err)
	got := make([]byte, 5)
	_, err = io.ReadFull(client, got)
	require.NoError(s, err, sentence)
	require.Equal(s, "hello", string(got))
}

func TestServer_servesNoMoreThanMaxConns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, &Server{Handler: Echo, MaxConns: 2})
		first, second := s.dial(), s.dial()
		requireEcho(s, first, "the first of two")
		requireEcho(s, second, "the second of two")

		third := s.dial()
		_, err := io.WriteString(third, "hello")
		require.NoError(t, err)
		synctest.Wait()
		require.NoError(t, third.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err = third.Read(make([]byte, 5))
		var timeout net.Error
		require.ErrorAs(t, err, &timeout, "the third of two was served")

		require.NoError(t, first.Close())
		require.NoError(t, third.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err = io.ReadFull(third, make([]byte, 5))
		require.NoError(t, err, "there is room again, and the accept loop sleeps")
		require.NoError(t, s.stopped())
	})
}

// An HTTP server accepts a connection, and after a handshake it is to be served by polling.
func TestServer_adoptsAConnectionThatOthersHaveAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &Server{Handler: func(context.Context, *executor.Runtime, Conn) future.Future[error] {
			panic("this is not for the adopted one")
		}}
		early, _ := net.Pipe()
		require.ErrorIs(t, server.Adopt(early, Echo), net.ErrClosed, "Serve has not begun")
		_, err := early.Write([]byte("x"))
		require.ErrorIs(t, err, io.ErrClosedPipe, "what is refused must be closed")

		s := serve(t, server)
		synctest.Wait()
		elsewhere := memnet.Listen()
		defer elsewhere.Close()
		client, err := elsewhere.Dial(t.Context())
		require.NoError(t, err)
		accepted, err := elsewhere.Accept()
		require.NoError(t, err)
		require.NoError(t, server.Adopt(accepted, Echo))
		requireEcho(s, client, "an adopted connection")

		require.NoError(t, s.stopped(), "the stop must end the adopted connection, too")
		_, err = client.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		late, _ := net.Pipe()
		require.ErrorIs(t, server.Adopt(late, Echo), net.ErrClosed, "Serve has returned")
		_, err = late.Write([]byte("x"))
		require.ErrorIs(t, err, io.ErrClosedPipe, "what is refused must be closed")
	})
}

func TestServer_waitsWhenAcceptingFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, &Server{Handler: Echo})
		client := s.dial()
		requireEcho(s, client, "before")
		s.listener.FailAccept(syscall.EMFILE, syscall.ENOSPC, syscall.EMFILE)
		// The Accept that waits already takes this one; the next ones fail.
		requireEcho(s, s.dial(), "the Accept that waited")
		second := s.dial()
		requireEcho(s, client, "the others go on")
		requireEcho(s, second, "when it has passed")
		times := s.listener.Accepts()
		var waits []time.Duration
		for i := 1; i < len(times); i++ {
			if wait := times[i].Sub(times[i-1]); wait > 0 {
				waits = append(waits, wait)
			}
		}
		require.Equal(t, []time.Duration{5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond}, waits)
		s.listener.FailAccept(syscall.EMFILE)
		requireEcho(s, s.dial(), "the Accept that waited")
		requireEcho(s, s.dial(), "after a wait")
		require.Equal(t, 1, strings.Count(s.log.String(), "cannot accept for now"), "one shortage is one line: %s", s.log.String())
		require.NoError(t, s.stopped())
	})
}

func TestServer_stopsWhileItWaitsToAcceptAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, &Server{Handler: Echo})
		s.listener.FailAccept(syscall.EMFILE)
		s.dial()
		s.dial()
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, s.stopped())
		require.Zero(t, time.Since(begin))
	})
}

func TestServer_returnsTheErrorOfAListenerThatFailsForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, &Server{Handler: Echo})
		client := s.dial()
		requireEcho(s, client, "before")
		broken := errors.New("broken")
		s.listener.FailAccept(broken)
		s.dial()
		require.ErrorIs(t, <-s.returned, broken)
		_, err := io.ReadAll(client)
		require.NoError(t, err, "the connections are told, as when the server is stopped")
	})
}

func TestServer_closesAConnectionWhateverItsHandlerDoes(t *testing.T) {
	for name, test := range map[string]struct {
		handler Handler
		logged  string
	}{
		"ends": {func(context.Context, *executor.Runtime, Conn) future.Future[error] {
			return future.Ready[error](nil)
		}, ""},
		"fails": {func(context.Context, *executor.Runtime, Conn) future.Future[error] {
			return future.Ready(errors.New("why not"))
		}, "why not"},
		"panics at once": {func(context.Context, *executor.Runtime, Conn) future.Future[error] {
			panic("as the test asked")
		}, "as the test asked"},
		"panics in a poll": {func(context.Context, *executor.Runtime, Conn) future.Future[error] {
			return future.Func[error](func(*future.Context) (error, bool) { panic("as the test asked") })
		}, "server_test.go"}, // its stack
		"panics to abort": {func(context.Context, *executor.Runtime, Conn) future.Future[error] {
			return future.Func[error](func(*future.Context) (error, bool) { panic(tcp.ErrAbortHandler) })
		}, ""},
		"closes it itself": {func(_ context.Context, _ *executor.Runtime, conn Conn) future.Future[error] {
			conn.Close()
			return future.Ready[error](nil)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := serve(t, &Server{Handler: test.handler, MaxConns: 1})
				for range 2 { // the second one needs the place of the first
					_, err := io.ReadAll(s.dial())
					require.NoError(t, err)
				}
				require.NoError(t, s.stopped())
				require.Contains(t, s.log.String(), test.logged)
				if test.logged == "" {
					require.Empty(t, s.log.String())
				}
			})
		})
	}
}

func TestServer_cancelsTheFutureThatHasPanicked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probe := &panicking{}
		s := serve(t, &Server{Handler: func(context.Context, *executor.Runtime, Conn) future.Future[error] { return probe }})
		_, err := io.ReadAll(s.dial())
		require.NoError(t, err)
		require.NoError(t, s.stopped())
		require.EqualValues(t, 1, probe.cancelled.Load())
	})
}

type panicking struct{ cancelled atomic.Int32 }

func (p *panicking) Poll(*future.Context) (error, bool) { panic("as the test asked") }
func (p *panicking) Cancel()                            { p.cancelled.Add(1) }

func TestServer_servesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &Server{Handler: Echo}
		s := serve(t, server)
		requireEcho(s, s.dial(), "the first time")
		require.NoError(t, s.stopped())
		other := memnet.Listen()
		require.ErrorIs(t, server.Serve(t.Context(), other), tcp.ErrServerUsed)
		require.NoError(t, other.Close(), "the listener is not this server's")
	})
}

func TestServer_closesTheListenerWhenItCannotBegin(t *testing.T) {
	none := errors.New("no network today")
	listener := memnet.Listen()
	server := &Server{Handler: Echo, Network: func() (Network, error) { return nil, none }}
	require.ErrorIs(t, server.Serve(t.Context(), listener), none)
	require.ErrorIs(t, listener.Close(), net.ErrClosed)
}

// The number of goroutines does not grow with the connections, over epoll.
func TestServer_pollsAllConnectionsOnItsWorkers(t *testing.T) {
	network, err := New("")
	require.NoError(t, err)
	if _, portable := network.(*portable); portable {
		network.Close()
		t.Skip("the portable network has a goroutine for each connection that waits")
	}
	network.Close()
	listener, err := lesson.Loopback.Listen()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	returned := make(chan error)
	defer func() {
		stop()
		require.NoError(t, <-returned)
	}()
	go func() {
		server := &Server{Handler: Echo, Network: NewEpoll}
		returned <- server.Serve(ctx, listener)
	}()
	visit := func() net.Conn {
		client, err := lesson.Loopback.Dial(ctx, listener)
		require.NoError(t, err)
		_, err = io.WriteString(client, "x")
		require.NoError(t, err)
		_, err = io.ReadFull(client, make([]byte, 1))
		require.NoError(t, err)
		return client
	}
	defer visit().Close()
	before := runtime.NumGoroutine()
	for range 100 {
		defer visit().Close()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}
