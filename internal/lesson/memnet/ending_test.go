package memnet

import (
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCloseWrite_endsOneDirectionOnly(t *testing.T) {
	client, server := Pipe()
	mustWrite(t, client, "last words")
	require.NoError(t, client.CloseWrite())
	require.NoError(t, client.CloseWrite(), "a second one does nothing")

	mustRead(t, server, "last words")
	require.Equal(t, io.EOF, readErr(server))
	require.Equal(t, io.EOF, readErr(server), "and again")
	mustWrite(t, server, "answer")
	mustRead(t, client, "answer")
	require.ErrorIs(t, writeErr(client), syscall.EPIPE)
	require.False(t, client.Closed())
}

func TestCloseWrite_wakesAReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe()
		reading := inBackground(func() error { return readErr(server) })
		synctest.Wait()
		require.NoError(t, client.CloseWrite())
		require.Equal(t, io.EOF, <-reading)
	})
}

func TestClose_letsThePeerReadWhatIsBuffered(t *testing.T) {
	client, server := Pipe()
	mustWrite(t, client, "buffered")
	require.NoError(t, client.Close())
	require.True(t, client.Closed())
	require.False(t, server.Closed())
	mustRead(t, server, "buffered")
	require.Equal(t, io.EOF, readErr(server))
}

func TestClose_wakesWhoWaitsAndStopsEveryMethod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := Pipe(Buffer(1))
		require.NoError(t, client.SetDeadline(time.Now().Add(time.Hour)))
		mustWrite(t, client, "x")
		reading := inBackground(func() error { return readErr(client) })
		writing := inBackground(func() error { return writeErr(client) })
		synctest.Wait()

		require.NoError(t, client.Close())

		require.ErrorIs(t, <-reading, net.ErrClosed)
		require.ErrorIs(t, <-writing, net.ErrClosed)
		require.Nil(t, client.readDeadline.timer, "a timer would keep the Conn in memory")
		require.Nil(t, client.writeDeadline.timer)
		for name, method := range map[string]func() error{
			"Read":        func() error { return readErr(client) },
			"Write":       func() error { return writeErr(client) },
			"Close":       client.Close,
			"CloseWrite":  client.CloseWrite,
			"Reset":       client.Reset,
			"SetLinger":   func() error { return client.SetLinger(0) },
			"SetDeadline": func() error { return client.SetDeadline(time.Time{}) },
		} {
			err := method()
			require.ErrorIs(t, err, net.ErrClosed, name)
			var opErr *net.OpError
			require.ErrorAs(t, err, &opErr, name)
			require.Equal(t, client.LocalAddr(), opErr.Source, name)
		}
	})
}

func TestClose_withUnreadDataResetsThePeer(t *testing.T) {
	client, server := Pipe()
	mustWrite(t, client, "request, never read")
	mustWrite(t, server, "answer")
	require.NoError(t, server.Close())
	require.ErrorIs(t, readErr(client), syscall.ECONNRESET, "the answer is lost")
	require.ErrorIs(t, writeErr(client), syscall.ECONNRESET)
}

func TestClose_withUnreadDataWakesAWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(1))
		mustWrite(t, client, "x")
		writing := inBackground(func() error { return writeErr(client) })
		synctest.Wait()
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-writing, syscall.ECONNRESET)
	})
}

func TestReset_throwsAwayWhatThePeerHasNotRead(t *testing.T) {
	for name, reset := range map[string]func(*Conn) error{
		"Reset":           (*Conn).Reset,
		"SetLinger(0)":    func(c *Conn) error { c.SetLinger(0); return c.Close() },
		"SetLinger twice": func(c *Conn) error { c.SetLinger(-1); c.SetLinger(0); return c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			client, server := Pipe()
			mustWrite(t, client, "lost")
			require.NoError(t, reset(client))
			require.True(t, client.Closed())

			err := readErr(server)
			require.ErrorIs(t, err, syscall.ECONNRESET)
			var opErr *net.OpError
			require.ErrorAs(t, err, &opErr)
			require.Equal(t, "read", opErr.Op)
			require.ErrorIs(t, readErr(server), syscall.ECONNRESET, "it stays")
			require.ErrorIs(t, writeErr(server), syscall.ECONNRESET)
			require.ErrorIs(t, server.CloseWrite(), syscall.ENOTCONN)
			require.NoError(t, server.Close())
		})
	}
}

func TestSetLinger_notZeroClosesInOrder(t *testing.T) {
	client, server := Pipe()
	require.NoError(t, client.SetLinger(0))
	require.NoError(t, client.SetLinger(-1))
	require.NoError(t, client.Close())
	require.Equal(t, io.EOF, readErr(server))
}

func TestReset_wakesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(1))
		mustWrite(t, server, "x")
		reading := inBackground(func() error { return readErr(server) })
		writing := inBackground(func() error { return writeErr(server) })
		synctest.Wait()
		require.NoError(t, client.Reset())
		require.ErrorIs(t, <-reading, syscall.ECONNRESET)
		require.ErrorIs(t, <-writing, syscall.ECONNRESET)
	})
}

func TestReset_afterTheEndOfTheStreamTakesNothingFromTheReader(t *testing.T) {
	client, server := Pipe()
	require.NoError(t, client.CloseWrite())
	require.Equal(t, io.EOF, readErr(server))
	require.NoError(t, client.Reset())
	require.Equal(t, io.EOF, readErr(server))
	require.ErrorIs(t, writeErr(server), syscall.EPIPE)
}

func TestWrite_afterThePeersCloseSucceedsOnceAndIsLost(t *testing.T) {
	client, server := Pipe()
	require.NoError(t, server.Close())
	mustWrite(t, client, "into the void")
	require.ErrorIs(t, writeErr(client), syscall.EPIPE)
	require.Equal(t, io.EOF, readErr(client))
}

func TestWrite_afterThePeersCloseDestroysWhatWasNotRead(t *testing.T) {
	client, server := Pipe()
	mustWrite(t, server, "413 too large")
	require.NoError(t, server.Close())
	mustWrite(t, client, "still sending")
	require.ErrorIs(t, readErr(client), syscall.ECONNRESET, "the client sent on instead of reading")
}

func TestOptions_refuseWhatIsNotPossible(t *testing.T) {
	require.PanicsWithValue(t, "memnet: a buffer of 0 is not possible", func() { Buffer(0) })
	require.Panics(t, func() { Segments(-1) })
}
