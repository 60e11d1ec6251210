package memnet

import (
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"
)

// TestConn_isANetConn runs the suite of golang.org/x/net on real time. Its echo
// sends 8 bytes before it reads any back, so a smaller buffer would block for good.
func TestConn_isANetConn(t *testing.T) {
	for name, opts := range map[string][]Option{
		"as it comes":               nil,
		"small segments and buffer": {Segments(3), Buffer(8)},
	} {
		t.Run(name, func(t *testing.T) {
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				client, server := Pipe(opts...)
				return client, server, func() { client.Close(); server.Close() }, nil
			})
		})
	}
}

func TestWrite_waitsWhenThePeerDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(4))
		mustWrite(t, client, "full")
		writing := inBackground(func() error { return writeErr(client) })
		synctest.Wait()
		requireWaiting(t, writing, "a Write into a full buffer")

		mustRead(t, server, "full")
		require.NoError(t, <-writing)
		mustRead(t, server, "x")
	})
}

func TestWrite_isNotHeldUpByTheOtherDirection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(4))
		mustWrite(t, client, "full")
		mustWrite(t, server, "full")
		mustRead(t, client, "full")
		mustRead(t, server, "full")
	})
}

func TestBuffer_is64KiBByDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := Pipe()
		require.NoError(t, client.SetWriteDeadline(time.Now().Add(time.Second)))
		n, err := client.Write(make([]byte, 1<<20))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 64<<10, n)
	})
}

func TestWrite_staysWholeWhenAnotherComesInBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(5))
		first := inBackground(func() error { _, err := client.Write([]byte("aaaaaaaa")); return err })
		synctest.Wait()
		mustRead(t, server, "aaaaa") // now there is room, and the first Write is just waking up

		mustWrite(t, client, "b")

		mustRead(t, server, "aaab")
		require.NoError(t, <-first)
	})
}

func TestWrite_thatWaitsForItsTurnObeysDeadlineAndClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := Pipe(Buffer(1))
		mustWrite(t, client, "x")
		first := inBackground(func() error { return writeErr(client) })
		second := inBackground(func() error { return writeErr(client) })
		require.NoError(t, client.SetWriteDeadline(time.Now().Add(time.Second)))
		require.ErrorIs(t, <-first, os.ErrDeadlineExceeded)
		require.ErrorIs(t, <-second, os.ErrDeadlineExceeded)

		require.NoError(t, client.SetWriteDeadline(time.Time{}))
		third := inBackground(func() error { return writeErr(client) })
		fourth := inBackground(func() error { return writeErr(client) })
		synctest.Wait()
		requireWaiting(t, third, "a Write into a full buffer")
		requireWaiting(t, fourth, "a Write behind another")
		require.NoError(t, client.Close())
		require.ErrorIs(t, <-third, net.ErrClosed)
		require.ErrorIs(t, <-fourth, net.ErrClosed)
	})
}

func TestSegments_cutTheStreamForReads(t *testing.T) {
	client, server := Pipe(Segments(2))
	mustWrite(t, client, "abcde")
	mustRead(t, server, "ab")
	mustRead(t, server, "cd")
	mustRead(t, server, "e")
}

func TestBuffer_ofOneHandsOverByteByByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(1))
		go func() { client.Write([]byte("abc")); client.Close() }()
		for _, want := range []string{"a", "b", "c"} {
			synctest.Wait()
			mustRead(t, server, want)
		}
		require.Equal(t, io.EOF, readErr(server))
	})
}

func TestRead_returnsAllThatIsThere(t *testing.T) {
	client, server := Pipe()
	mustWrite(t, client, "two ")
	mustWrite(t, client, "writes")
	mustRead(t, server, "two writes")
	require.Equal(t, 2, client.Writes())
	require.Equal(t, 2, server.Peer().Writes())
	require.Zero(t, server.Writes())
}

func TestEmptyReadAndWrite_returnAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Buffer(1))
		mustWrite(t, client, "x") // full: a Write of something would wait
		mustWrite(t, client, "")
		n, err := client.Read(nil)
		require.NoError(t, err)
		require.Zero(t, n)
		mustRead(t, server, "x")
	})
}

func TestDeadline_wakesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := Pipe(Buffer(1))
		mustWrite(t, client, "x")
		begin := time.Now()
		require.NoError(t, client.SetReadDeadline(begin.Add(time.Hour)))
		require.NoError(t, client.SetWriteDeadline(begin.Add(2*time.Hour)))

		err := readErr(client)
		require.Equal(t, time.Hour, time.Since(begin))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		var netErr net.Error
		require.ErrorAs(t, err, &netErr)
		require.True(t, netErr.Timeout())

		require.ErrorIs(t, writeErr(client), os.ErrDeadlineExceeded)
		require.Equal(t, 2*time.Hour, time.Since(begin))
	})
}

func TestDeadline_canBeMovedWhileSomebodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, _ := Pipe()
		begin := time.Now()
		require.NoError(t, client.SetReadDeadline(begin.Add(time.Second)))
		reading := inBackground(func() error { return readErr(client) })
		synctest.Wait()
		require.NoError(t, client.SetReadDeadline(begin.Add(time.Minute)))
		require.ErrorIs(t, <-reading, os.ErrDeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(begin))

		require.NoError(t, client.SetReadDeadline(time.Time{}))
		reading = inBackground(func() error { return readErr(client) })
		<-time.After(time.Hour)
		requireWaiting(t, reading, "a Read without a deadline")
		require.NoError(t, client.SetReadDeadline(time.Unix(1, 0)))
		require.ErrorIs(t, <-reading, os.ErrDeadlineExceeded)
		require.Equal(t, time.Minute+time.Hour, time.Since(begin))
	})
}

func TestDeadline_inThePastFailsEvenIfThereIsSomethingToDo(t *testing.T) {
	client, server := Pipe()
	mustWrite(t, client, "x")
	require.NoError(t, server.SetDeadline(time.Unix(1, 0)))
	require.ErrorIs(t, readErr(server), os.ErrDeadlineExceeded)
	require.ErrorIs(t, writeErr(server), os.ErrDeadlineExceeded)
	require.NoError(t, server.SetDeadline(time.Time{}))
	mustRead(t, server, "x")
}

// A timer that fires while the deadline is being moved must not expire the new
// one. The test holds the lock, so that the timer has fired but cannot act.
func TestDeadline_movedWhileItsTimerFiresDoesNotExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe()
		client.mu.Lock()
		client.readDeadline.set(time.Now().Add(time.Second), client.changed)
		<-time.After(time.Second) // the deadline's timer has fired at the same instant
		client.readDeadline.set(time.Now().Add(time.Second), client.changed)
		client.mu.Unlock()
		synctest.Wait() // now it has acted

		mustWrite(t, server, "x")
		mustRead(t, client, "x")
	})
}
