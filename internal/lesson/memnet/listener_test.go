package memnet

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func accept(l *Listener) error {
	_, err := l.Accept()
	return err
}

func TestDial_succeedsBeforeAcceptAndBytesAreKept(t *testing.T) {
	l := Listen()
	client, err := l.Dial(t.Context())
	require.NoError(t, err)
	mustWrite(t, client, "early")
	require.NoError(t, client.Close())

	server, err := l.Accept()
	require.NoError(t, err)
	got, err := io.ReadAll(server)
	require.NoError(t, err)
	require.Equal(t, "early", string(got))
}

func TestAccept_returnsConnectionsInTheOrderOfDialling(t *testing.T) {
	l := Listen()
	for range 3 {
		_, err := l.Dial(t.Context())
		require.NoError(t, err)
	}
	last, err := l.Dial(t.Context())
	require.NoError(t, err)
	for range 3 {
		conn, err := l.Accept()
		require.NoError(t, err)
		require.NotSame(t, last.Peer(), conn)
	}
	conn, err := l.Accept()
	require.NoError(t, err)
	require.Same(t, last.Peer(), conn)
}

func TestAccept_waitsForDial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := Listen()
		accepted := inBackground(func() error { return accept(l) })
		synctest.Wait()
		requireWaiting(t, accepted, "Accept with an empty backlog")

		_, err := l.Dial(t.Context())
		require.NoError(t, err)
		require.NoError(t, <-accepted)
	})
}

func TestDial_waitsWhileTheBacklogIsFull(t *testing.T) {
	dial := func(ctx context.Context, l *Listener) func() error {
		return func() error { _, err := l.Dial(ctx); return err }
	}
	given := func(t *testing.T, ctx context.Context) (*Listener, <-chan error) {
		l := Listen()
		l.options.backlog = 2
		require.NoError(t, dial(ctx, l)())
		require.NoError(t, dial(ctx, l)())
		third := inBackground(dial(ctx, l))
		synctest.Wait()
		requireWaiting(t, third, "the third Dial with a backlog of 2")
		return l, third
	}
	t.Run("until Accept makes room", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l, third := given(t, t.Context())
			require.NoError(t, accept(l))
			require.NoError(t, <-third)
		})
	})
	t.Run("until the listener is closed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l, third := given(t, t.Context())
			require.NoError(t, l.Close())
			require.ErrorIs(t, <-third, syscall.ECONNREFUSED)
		})
	})
	t.Run("until its context ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			begin := time.Now()
			_, third := given(t, ctx)
			err := <-third
			require.Equal(t, time.Minute, time.Since(begin))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			var netErr net.Error
			require.ErrorAs(t, err, &netErr)
			require.True(t, netErr.Timeout())
		})
	})
}

func TestDial_failsAtOnceWhenItsContextHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Listen().Dial(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestClose_refusesDialAndResetsTheBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := Listen()
		accepted, err := l.Dial(t.Context())
		require.NoError(t, err)
		require.NoError(t, accept(l))
		queued, err := l.Dial(t.Context())
		require.NoError(t, err)
		reading := inBackground(func() error { return readErr(queued) })

		require.NoError(t, l.Close())

		require.ErrorIs(t, <-reading, syscall.ECONNRESET)
		require.NoError(t, writeErr(accepted), "an accepted connection goes on")
		_, err = l.Dial(t.Context())
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		require.EqualError(t, err, "dial tcp "+l.Addr().String()+": connect: "+syscall.ECONNREFUSED.Error())
		require.ErrorIs(t, l.Close(), net.ErrClosed, "a second Close")
	})
}

func TestAccept_afterCloseIsErrClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := Listen()
		waiting := inBackground(func() error { return accept(l) })
		synctest.Wait()
		require.NoError(t, l.Close())
		require.ErrorIs(t, <-waiting, net.ErrClosed)

		err := accept(l)
		require.ErrorIs(t, err, net.ErrClosed)
		var opErr *net.OpError
		require.ErrorAs(t, err, &opErr)
		require.Equal(t, "accept", opErr.Op)
	})
}

func TestFailAccept_comesBeforeTheBacklogAndKeepsIt(t *testing.T) {
	l := Listen()
	client, err := l.Dial(t.Context())
	require.NoError(t, err)
	permanent := errors.New("the network is gone")
	l.FailAccept(syscall.EMFILE, permanent)

	err = accept(l)
	require.ErrorIs(t, err, syscall.EMFILE)
	require.EqualError(t, err, "accept tcp "+l.Addr().String()+": accept: "+syscall.EMFILE.Error())
	require.ErrorIs(t, accept(l), permanent)
	conn, err := l.Accept()
	require.NoError(t, err)
	require.Same(t, client.Peer(), conn)
}

func TestFailAccept_wakesAnAcceptThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := Listen()
		waiting := inBackground(func() error { return accept(l) })
		synctest.Wait()
		l.FailAccept(syscall.ECONNABORTED)
		require.ErrorIs(t, <-waiting, syscall.ECONNABORTED)
	})
}

func TestAccepts_tellsWhenAcceptWasCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := Listen()
		l.FailAccept(syscall.EMFILE, syscall.EMFILE, syscall.EMFILE)
		begin := time.Now()
		for _, wait := range []time.Duration{0, 5 * time.Millisecond, 10 * time.Millisecond} {
			<-time.After(wait)
			require.ErrorIs(t, accept(l), syscall.EMFILE)
		}
		require.Equal(t, []time.Time{begin, begin.Add(5 * time.Millisecond), begin.Add(15 * time.Millisecond)}, l.Accepts())
	})
}

func TestDial_optionsAddToTheListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the deadline must not be over before Write begins
		l := Listen(Segments(2), Buffer(4))
		client, err := l.Dial(t.Context(), Buffer(3))
		require.NoError(t, err)
		require.NoError(t, client.SetWriteDeadline(time.Now().Add(time.Millisecond)))
		n, err := client.Write([]byte("abcdef"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 3, n, "the buffer is Dial's")
		mustRead(t, client.Peer(), "ab") // the segment is the listener's
	})
}

func TestAddresses_lookLikeTCPAndAreDistinct(t *testing.T) {
	l, other := Listen(), Listen()
	require.NotEqual(t, l.Addr().String(), other.Addr().String())

	seen := map[string]bool{}
	for range 100 {
		client, err := l.Dial(t.Context())
		require.NoError(t, err)
		require.IsType(t, (*net.TCPAddr)(nil), client.LocalAddr())
		require.Equal(t, l.Addr(), client.RemoteAddr())
		require.Equal(t, client.LocalAddr(), client.Peer().RemoteAddr())
		require.False(t, seen[client.LocalAddr().String()])
		seen[client.LocalAddr().String()] = true
	}
}
