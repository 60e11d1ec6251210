package asyncnet

import (
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// The suite of golang.org/x/net, which every net.Conn must pass. Both ends are polled connections.
func TestNetConn_isANetConn(t *testing.T) {
	pipes := map[string]nettest.MakePipe{
		"portable": pipeOver(newPortable, loopbackPair),
		"memory":   pipeOver(newPortable, memoryPair),
	}
	if runtime.GOOS == "linux" {
		pipes["epoll"] = pipeOver(NewEpoll, loopbackPair)
	}
	for name, pipe := range pipes {
		t.Run(name, func(t *testing.T) { nettest.TestConn(t, pipe) })
	}
}

func pipeOver(newNetwork func() (Network, error), newPair func() (a, b net.Conn, err error)) nettest.MakePipe {
	return func() (c1, c2 net.Conn, stop func(), err error) {
		network, err := newNetwork()
		if err != nil {
			return nil, nil, nil, err
		}
		rt := executor.New(executor.Config{Driver: network})
		a, b, err := newPair()
		if err != nil {
			return nil, nil, nil, err
		}
		polledA, errA := network.Conn(a)
		polledB, errB := network.Conn(b)
		if errA != nil || errB != nil {
			return nil, nil, nil, net.UnknownNetworkError("both ends must become polled connections")
		}
		return NetConn(polledA), NetConn(polledB), rt.Shutdown, nil
	}
}

func memoryPair() (a, b net.Conn, err error) {
	client, server := memnet.Pipe()
	return client, server, nil
}

func loopbackPair() (a, b net.Conn, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	a, err = net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	b, err = listener.Accept()
	return a, b, err
}

func TestNetConn_waitsForBytesAndHalfCloses(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		conn := NetConn(c)
		var others sync.WaitGroup
		others.Go(func() {
			io.Copy(conn, conn)
			tcp.CloseWrite(conn)
		})
		text := make([]byte, 300<<10)
		others.Go(func() {
			client.Write(text)
			client.CloseWrite()
		})
		got, err := io.ReadAll(client)
		require.NoError(w, err)
		require.Equal(w, len(text), len(got))
		others.Wait() // who is still in CloseWrite keeps the descriptor open
		require.NoError(w, conn.Close())
		require.ErrorIs(w, conn.Close(), net.ErrClosed)
		require.ErrorIs(w, conn.SetDeadline(time.Time{}), net.ErrClosed)
	})
}

func TestNetConn_losesNothingToADeadline(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		conn := NetConn(c)
		p := make([]byte, 10)
		require.NoError(w, conn.SetReadDeadline(time.Now().Add(time.Millisecond)))
		_, err := conn.Read(p)
		require.ErrorIs(w, err, os.ErrDeadlineExceeded)
		send(w, client, "x")
		_, err = conn.Read(p)
		require.ErrorIs(w, err, os.ErrDeadlineExceeded, "the deadline has passed, and stays passed until another one is set")
		require.NoError(w, conn.SetReadDeadline(time.Now().Add(patience)))
		n, err := conn.Read(p)
		require.NoError(w, err)
		require.Equal(w, "x", string(p[:n]))
	})
}

func TestNetConn_tellsHowMuchWasWrittenWhenTheDeadlinePasses(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		conn := NetConn(c)
		type result struct {
			n   int
			err error
		}
		written := make(chan result)
		go func() {
			n, err := conn.Write(make([]byte, 64<<20))
			written <- result{n, err}
		}()
		expect(w, client, "\x00") // it has begun
		require.NoError(w, conn.SetWriteDeadline(time.Unix(1, 0)))
		got := <-written
		require.ErrorIs(w, got.err, os.ErrDeadlineExceeded)
		require.Less(w, got.n, 64<<20)
		_, err := io.CopyN(io.Discard, client, int64(got.n)-1)
		require.NoError(w, err, "Write has said that it wrote %d bytes", got.n)
	})
}

// A wakingConn has bytes just after it was asked: it wakes before its PollRead has returned.
type wakingConn struct {
	Conn
	polls int
}

func (c *wakingConn) PollRead(cx *future.Context, p []byte) (n int, ready bool, err error) {
	if c.polls++; c.polls == 1 {
		cx.Waker().Wake()
		return 0, false, nil
	}
	return copy(p, "x"), true, nil
}

func TestNetConn_keepsAWakeThatComesBeforeItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, err := NetConn(new(wakingConn)).Read(make([]byte, 10))
		require.NoError(t, err)
		require.Equal(t, 1, n)
	})
}
