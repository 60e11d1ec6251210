package tcptest

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"syscall"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

// How many connections are served at a time.
var limitCases = []lesson.Case[Subject]{
	{
		Name:   "limit",
		Rule:   "at most MaxConns handlers run; the next client waits, and is served when one ends",
		Source: "golang.org/x/net/netutil.LimitListener",
		Hint:   "take the slot before Accept, so that who must wait does it in the kernel's backlog",
		Check: func(t lesson.T, subject Subject) {
			gauge := new(gauge)
			server := serve(t, subject, &tcp.Server{MaxConns: 2, Handler: gauge.around(tcp.Echo)})
			var clients []lesson.Conn
			for range 5 {
				clients = append(clients, server.Dial())
			}
			for _, client := range clients {
				subject.Settle()
				expectEcho(t, client, "my turn", "a client that had to wait was not served when another had ended")
				client.Close()
			}
			require.LessOrEqual(t, gauge.highest.Load(), int64(2), "more than MaxConns = 2 handlers ran at the same time")
		},
	},
	{
		Name:   "limit-after-panic",
		Rule:   "a panic gives its slot back",
		Source: "CWE-772, missing release of a resource",
		Hint:   "what gives the slot back must be deferred, like the Close",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{MaxConns: 1, Handler: panicsAt("panic")})
			for range 3 {
				victim := server.Dial()
				_, err := victim.Write([]byte("panic"))
				require.NoError(t, err)
				expectEnd(t, victim, "with MaxConns = 1, a client was not served after another's handler had panicked: was the slot given back?")
			}
			server.stillServes("after as many panics as there are slots, nobody is served any more: are the slots given back?")
		},
	},
	{
		Name:   "limit-after-close",
		Rule:   "a connection that is closed twice gives its slot back once",
		Source: "golang.org/x/net/netutil.LimitListener",
		Hint:   "sync.Once",
		Check: func(t lesson.T, subject Subject) {
			gauge := new(gauge)
			echo := gauge.around(tcp.Echo)
			closed, again := make(chan struct{}), make(chan struct{})
			server := serve(t, subject, &tcp.Server{MaxConns: 1, Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				err := echo.ServeTCP(ctx, conn)
				conn.Close()
				for _, step := range []chan struct{}{closed, again} {
					select {
					case step <- struct{}{}:
					case <-ctx.Done():
					}
				}
				return err // and the server closes it again
			})})
			for range 3 {
				client := server.Dial()
				expectEcho(t, client, "hello", "with MaxConns = 1, a client was not served after the one before had ended")
				client.Close()
				receiveFrom(t, closed, "the handler did not see its client's end")
				subject.Settle() // who waits for a slot has it now: a second one would be another's
				receiveFrom(t, again, "the handler did not go on")
			}
			subject.Settle()
			server.Dial()
			server.Dial()
			subject.Settle()
			require.LessOrEqual(t, gauge.highest.Load(), int64(1), "more than MaxConns = 1 handlers ran at the same time: was a slot given back twice?")
		},
	},
	{
		Name:   "limit-closes-at-once",
		Rule:   "a connection that two goroutines close at the same time gives its slot back once",
		Source: "net.Conn",
		Hint:   "a flag without a lock is not enough: both may see that it is not set; sync.Once lets one of them in",
		Check: func(t lesson.T, subject Subject) {
			gauge := new(gauge)
			echo := gauge.around(tcp.Echo)
			server := serve(t, subject, &tcp.Server{MaxConns: 1, Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
				err := echo.ServeTCP(ctx, conn)
				go conn.Close() // and the server closes it too, for the handler has returned
				return err
			})})
			for range 20 {
				client := server.Dial()
				expectEcho(t, client, "hello", "with MaxConns = 1, a client was not served after the one before had ended")
				client.Close()
			}
			subject.Settle()
			server.Dial()
			server.Dial()
			subject.Settle()
			require.LessOrEqual(t, gauge.highest.Load(), int64(1), "more than MaxConns = 1 handlers ran at the same time: was a slot given back twice?")
		},
	},
	{
		Name:     "limit-counts-handlers",
		Rule:     "a handler that has closed its connection still counts while it runs",
		Source:   "CWE-770, allocation without limits",
		Hint:     "give the slot back where the handler returns, not where the connection is closed",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			gauge, release := new(gauge), make(chan struct{})
			server := serve(t, subject, &tcp.Server{MaxConns: 1, Handler: gauge.around(func(_ context.Context, conn net.Conn) error {
				conn.Close()
				<-release
				return nil
			})})
			defer close(release)
			server.Dial()
			server.Dial()
			synctest.Wait()
			require.EqualValues(t, 1, gauge.highest.Load(), "the first handler closed its connection and goes on, and with MaxConns = 1 a second one runs beside it")
		},
	},
	{
		Name:     "limit-after-failure",
		Rule:     "an accept that fails takes no slot",
		Source:   "golang.org/x/net/netutil.LimitListener",
		Hint:     "the slot is taken before Accept: who gives it back when there is no connection?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			listener := memnet.Listen()
			listener.FailAccept(slices.Repeat([]error{syscall.EMFILE}, 3)...)
			server := serveOn(t, subject, &tcp.Server{MaxConns: 1, Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
			server.stillServes("with MaxConns = 1, Accept failed three times, and nobody is served since: did each failure keep a slot?")
		},
	},
	{
		Name:     "limit-before-accept",
		Rule:     "who has to wait does it in the kernel's backlog, not accepted and unserved",
		Source:   "listen(2)",
		Hint:     "take the slot first, then accept: a connection that is accepted has cost a descriptor",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			listener := memnet.Listen()
			server := serveOn(t, subject, &tcp.Server{MaxConns: 2, Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
			for range 4 {
				server.Dial()
			}
			synctest.Wait()
			require.Len(t, listener.Accepts(), 2, "with MaxConns = 2 and two clients connected, Accept was called again: what becomes of the third client?")
		},
	},
	{
		Name:   "limit-stops",
		Rule:   "a loop that waits for a slot stops as soon as its context ends",
		Source: "golang.org/x/net/netutil.LimitListener",
		Hint:   "closing the listener ends an Accept that waits for a client; what ends one that waits for a slot?",
		Check: func(t lesson.T, subject Subject) {
			// The handler waits for its client alone: only the drain can end it,
			// and the drain begins when the accept loop has ended.
			server := serve(t, subject, &tcp.Server{MaxConns: 1, DrainTimeout: time.Second, Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
				_, err := conn.Read(make([]byte, 1))
				return err
			})})
			server.Dial()
			subject.Settle()
			server.Stop()
			server.stopped("the drain timeout is long over: does the accept loop still wait for a slot?")
		},
	},
	{
		Name:   "limit-half-close",
		Rule:   "a limited connection can still be half-closed",
		Source: "RFC 9293 section 3.6",
		Hint:   "a wrapper that embeds net.Conn hides all other methods of the connection, CloseWrite too",
		Check: func(t lesson.T, subject Subject) {
			closed, heard := make(chan error, 1), make(chan error, 1)
			server := serve(t, subject, &tcp.Server{MaxConns: 1, Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
				closed <- tcp.CloseWrite(conn)
				_, err := conn.Read(make([]byte, 1)) // the client's goodbye
				heard <- err
				return err
			})})
			client := server.Dial()
			require.NoError(t, receive(closed), "CloseWrite cannot be reached through the limit")
			expectEnd(t, client, "the server has half-closed the connection, and the client does not see it")
			_, err := client.Write([]byte("x"))
			require.NoError(t, err)
			require.NoError(t, receive(heard), "CloseWrite has closed the reading side too: what the client says after it is lost")
		},
	},
}

// A gauge counts handlers that run.
type gauge struct{ now, highest atomic.Int64 }

func (g *gauge) around(handler tcp.HandlerFunc) tcp.Handler {
	return tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
		now := g.now.Add(1)
		defer g.now.Add(-1)
		for highest := g.highest.Load(); now > highest && !g.highest.CompareAndSwap(highest, now); {
			highest = g.highest.Load()
		}
		return handler(ctx, conn)
	})
}

// receive waits for a value, but not longer than a client would.
func receive(from <-chan error) error {
	select {
	case err := <-from:
		return err
	case <-time.After(patience):
		return errors.New("nothing came")
	}
}

// receiveFrom waits for a signal, and fails the case with the sentence if it doesn't come.
func receiveFrom(t lesson.T, signal <-chan struct{}, sentence string) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		require.Fail(t, "nothing came", sentence)
	}
}
