package memnet

import (
	"bytes"
	"context"
	"io"
	"net"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A tcpConn is what *Conn and *net.TCPConn have in common.
type tcpConn interface {
	net.Conn
	CloseWrite() error
	SetLinger(seconds int) error
}

// A network makes what a behaviour needs: a listener, and a way to dial it.
type network struct {
	listener net.Listener
	dial     func(context.Context) (tcpConn, error)
}

// pair returns the two ends of a connection, which the test closes at its end.
func (n network) pair(t *testing.T) (client, server tcpConn) {
	t.Helper()
	client, err := n.dial(t.Context())
	require.NoError(t, err)
	accepted, err := n.listener.Accept()
	require.NoError(t, err)
	server = accepted.(tcpConn)
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// The behaviours are judged by what any program can see without guessing at
// time: each waits in a Read or Write until the other end's doing has arrived.
var behaviours = []struct {
	name      string
	linuxOnly bool // other kernels differ; memnet follows Linux
	check     func(*testing.T, network)
}{
	{name: "a half-close ends one direction", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		send(t, client, "question")
		require.NoError(t, client.CloseWrite())
		require.NoError(t, client.CloseWrite())
		requireStream(t, server, "question", isEOF)
		requireStream(t, server, "", isEOF)
		send(t, server, "answer")
		require.NoError(t, server.CloseWrite())
		requireStream(t, client, "answer", isEOF)
		_, err := client.Write([]byte("x"))
		requireCause(t, err, isBrokenPipe)
	}},
	{name: "a close lets the peer read what was sent", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		send(t, server, "all of it")
		require.NoError(t, server.Close())
		requireStream(t, client, "all of it", isEOF)
	}},
	{name: "a close with linger 0 resets the peer", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		require.NoError(t, client.SetLinger(0))
		require.NoError(t, client.Close())
		requireStream(t, server, "", isReset)
		_, err := server.Write([]byte("x"))
		requireCause(t, err, isBrokenPipe, isReset)
	}},
	{name: "a reset may take what was sent before it", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		send(t, client, "perhaps lost")
		require.NoError(t, client.SetLinger(0))
		require.NoError(t, client.Close())
		got, err := io.ReadAll(server)
		requireCause(t, err, isReset)
		require.True(t, bytes.HasPrefix([]byte("perhaps lost"), got), "got %q", got)
	}},
	{name: "a close with unread data resets the peer", linuxOnly: true, check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		send(t, client, "a request that is never read to its end")
		_, err := io.ReadFull(server, make([]byte, 5)) // it has arrived
		require.NoError(t, err)
		require.NoError(t, server.Close())
		requireStream(t, client, "", isReset)
	}},
	{name: "after the peer's close a write succeeds once", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		require.NoError(t, server.Close())
		requireStream(t, client, "", isEOF) // the FIN has arrived
		send(t, client, "into the void")
		requireCause(t, writeUntilError(client), isBrokenPipe, isReset)
	}},
	{name: "a reset wakes a writer", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		writing := inBackground(func() error { return writeUntilError(client) })
		_, err := io.ReadFull(server, make([]byte, 1<<16)) // it is at it
		require.NoError(t, err)
		require.NoError(t, server.SetLinger(0))
		require.NoError(t, server.Close())
		requireCause(t, <-writing, isReset, isBrokenPipe)
	}},
	{name: "a write waits for a peer that does not read", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		require.NoError(t, client.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
		const more = 64 << 20 // than any buffer takes
		sent, err := client.Write(make([]byte, more))
		requireCause(t, err, isTimeout)
		require.Less(t, sent, more)
		require.NoError(t, client.CloseWrite())
		got, err := io.Copy(io.Discard, server)
		require.NoError(t, err)
		require.EqualValues(t, sent, got, "Write says how much went through")
	}},
	{name: "a deadline in the past fails though there are bytes", check: func(t *testing.T, n network) {
		client, server := n.pair(t)
		send(t, client, "xy")
		_, err := io.ReadFull(server, make([]byte, 1))
		require.NoError(t, err)
		require.NoError(t, server.SetDeadline(time.Unix(1, 0)))
		_, err = server.Read(make([]byte, 1))
		requireCause(t, err, isTimeout)
		_, err = server.Write([]byte("x"))
		requireCause(t, err, isTimeout)
		require.NoError(t, server.SetDeadline(time.Time{}))
		_, err = io.ReadFull(server, make([]byte, 1))
		require.NoError(t, err)
	}},
	{name: "a deadline wakes a reader", check: func(t *testing.T, n network) {
		_, server := n.pair(t)
		require.NoError(t, server.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
		_, err := server.Read(make([]byte, 1))
		requireCause(t, err, isTimeout)
	}},
	{name: "after its own close every method fails", check: func(t *testing.T, n network) {
		client, _ := n.pair(t)
		require.NoError(t, client.Close())
		_, readErr := client.Read(make([]byte, 1))
		_, emptyReadErr := client.Read(nil)
		_, writeErr := client.Write([]byte("x"))
		for _, err := range []error{
			readErr, emptyReadErr, writeErr, client.Close(), client.CloseWrite(),
			client.SetLinger(0), client.SetDeadline(time.Time{}),
		} {
			requireCause(t, err, isClosed)
		}
	}},
	{name: "a close wakes a reader of the same end", check: func(t *testing.T, n network) {
		client, _ := n.pair(t)
		reading := inBackground(func() error { _, err := client.Read(make([]byte, 1)); return err })
		require.NoError(t, client.Close())
		requireCause(t, <-reading, isClosed)
	}},
	{name: "a closed listener refuses", check: func(t *testing.T, n network) {
		require.NoError(t, n.listener.Close())
		_, err := n.dial(t.Context())
		requireCause(t, err, isRefused)
		_, err = n.listener.Accept()
		requireCause(t, err, isClosed)
		requireCause(t, n.listener.Close(), isClosed)
	}},
	{name: "a closed listener resets its backlog", linuxOnly: true, check: func(t *testing.T, n network) {
		client, err := n.dial(t.Context())
		require.NoError(t, err)
		defer client.Close()
		require.NoError(t, n.listener.Close())
		requireStream(t, client, "", isReset)
	}},
	{name: "bytes sent before Accept are kept", check: func(t *testing.T, n network) {
		client, err := n.dial(t.Context())
		require.NoError(t, err)
		send(t, client, "early")
		require.NoError(t, client.Close())
		server, err := n.listener.Accept()
		require.NoError(t, err)
		defer server.Close()
		requireStream(t, server, "early", isEOF)
	}},
}

func TestMemnet_behavesLikeTheKernel(t *testing.T) {
	for _, b := range behaviours {
		t.Run(b.name+"/memnet", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := Listen()
				b.check(t, network{l, func(ctx context.Context) (tcpConn, error) { return l.Dial(ctx) }})
			})
		})
		t.Run(b.name+"/loopback", func(t *testing.T) {
			if b.linuxOnly && runtime.GOOS != "linux" {
				t.Skip("memnet follows Linux, and this is " + runtime.GOOS)
			}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer l.Close()
			b.check(t, network{l, func(ctx context.Context) (tcpConn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
				if err != nil {
					return nil, err
				}
				return conn.(*net.TCPConn), nil
			}})
		})
	}
}

func send(t *testing.T, conn net.Conn, s string) {
	t.Helper()
	_, err := io.WriteString(conn, s)
	require.NoError(t, err)
}

// writeUntilError writes until it fails: what the peer answers takes its time
// on a real network.
func writeUntilError(conn net.Conn) error {
	chunk := make([]byte, 32<<10)
	for {
		if _, err := conn.Write(chunk); err != nil {
			return err
		}
	}
}

// requireStream reads to the end, and expects these bytes and this ending.
func requireStream(t *testing.T, conn net.Conn, want string, end cause) {
	t.Helper()
	var got []byte
	buffer := make([]byte, 100)
	for {
		n, err := conn.Read(buffer)
		got = append(got, buffer[:n]...)
		if err != nil {
			requireCause(t, err, end)
			require.Equal(t, want, string(got))
			return
		}
	}
}
