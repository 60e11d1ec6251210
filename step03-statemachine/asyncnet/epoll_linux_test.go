package asyncnet

import (
	"errors"
	"fmt"
	"net"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/future"
)

// onEpoll is onEach for what only epoll has.
func onEpoll(t *testing.T, test func(w *world)) { begin(t, NewEpoll, lesson.Loopback, test) }

func TestEpoll_acceptedConnectionsInheritWhatTheListenerHas(t *testing.T) {
	onEpoll(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		requireOptions(w, c)
	})
}

// A client can come between net.Listen and Listener: it stands in the kernel's queue, with a
// socket that was made before the options were set.
func TestEpoll_setsTheOptionsOfWhoCameBeforeTheListenerWasTakenOver(t *testing.T) {
	onEpoll(t, func(w *world) {
		netListener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(w, err)
		client, err := net.Dial("tcp", netListener.Addr().String())
		require.NoError(w, err)
		defer client.Close()
		listener, err := w.network.Listener(netListener)
		require.NoError(w, err)
		accepted := await(w, Accept(listener), "a client was not accepted")
		require.NoError(w, accepted.Err)
		requireOptions(w, accepted.Value)
	})
}

func requireOptions(w *world, c Conn) {
	w.Helper()
	require.NoError(w, c.(*epollConn).source.Use(func(fd int) error {
		for _, option := range []struct{ level, name, value int }{
			{unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
			{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15},
		} {
			value, err := unix.GetsockoptInt(fd, option.level, option.name)
			require.NoError(w, err)
			require.Equal(w, option.value, value, "option %d", option.name)
		}
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		require.Equal(w, unix.FD_CLOEXEC, flags, "a child process would inherit the connection")
		return err
	}))
}

func TestEpoll_takesTCPOnly(t *testing.T) {
	network, err := NewEpoll()
	require.NoError(t, err)
	defer network.Close()
	listener := memnet.Listen()
	_, err = network.Listener(listener)
	require.EqualError(t, err, "epoll needs a TCP socket of package net, not a *memnet.Listener: use -reactor portable")
	require.ErrorIs(t, listener.Close(), net.ErrClosed, "what it doesn't take it must close")
	conn, _ := memnet.Pipe()
	_, err = network.Conn(conn)
	require.Error(t, err)
	require.True(t, conn.Closed())
}

// When the process has no descriptor left, accepting fails and everything else goes on; and when there is
// one again, the client who waited is accepted, though no event tells of him a second time.
func TestEpoll_acceptsTheWaitingClientWhenThereIsADescriptorAgain(t *testing.T) {
	onEpoll(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		waiting := w.dial()
		defer waiting.Close()

		giveBack := useUpDescriptors(t)
		for range 3 {
			accepted := await(w, Accept(w.listener), "accepting must fail, and waits")
			require.ErrorIs(w, accepted.Err, unix.EMFILE)
			require.True(w, tcp.IsTransient(accepted.Err))
		}
		send(w, client, "hello")
		require.Equal(w, "hello", w.read(c, 10))
		giveBack()

		accepted := await(w, Accept(w.listener), "there are descriptors again, and the client who waited is forgotten")
		require.NoError(w, accepted.Err)
		require.Equal(w, waiting.LocalAddr().String(), accepted.Value.RemoteAddr().String())
	})
}

// useUpDescriptors lets no descriptor be opened until giveBack is called.
func useUpDescriptors(t *testing.T) (giveBack func()) {
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	lowest, err := unix.Dup(0) // the kernel gives the lowest number that is free
	require.NoError(t, err)
	require.NoError(t, unix.Close(lowest))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(lowest), Max: limit.Max}))
	given := false
	giveBack = func() {
		if !given {
			given = true
			require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
		}
	}
	t.Cleanup(giveBack)
	return giveBack
}

// Connections that end while others begin: the kernel uses their numbers again at once.
func TestEpoll_keepsConnectionsApartWhenNumbersAreUsedAgain(t *testing.T) {
	onEpoll(t, func(w *world) {
		for i := range 500 {
			c, client := w.connect()
			text := fmt.Sprint(i)
			reading := inTask(w, Read(c, make([]byte, 10)), "bytes came, and the reader sleeps")
			send(w, client, text)
			if i%2 == 0 {
				client.Close()
			}
			require.Equal(w, len(text), reading().Value)
			require.NoError(w, c.Close())
			client.Close()
		}
	})
}

func TestEpoll_readsAndWritesWithoutAllocating(t *testing.T) {
	onEpoll(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		cx, p := future.NewContext(newBell()), make([]byte, 10)
		allocated := testing.AllocsPerRun(100, func() {
			if _, ready, err := c.PollWrite(cx, p[:1]); !ready || err != nil {
				t.Error("a write of one byte waits", err)
			}
			if _, ready, err := c.PollRead(cx, p); ready || err != nil {
				t.Error("there is nothing to read", err)
			}
		})
		require.Zero(w, allocated)
	})
}

func TestEpoll_aConnectionIsSmall(t *testing.T) {
	const address = unsafe.Sizeof(net.TCPAddr{}) + net.IPv6len
	require.LessOrEqual(t, unsafe.Sizeof(epollConn{})+address, uintptr(200))
}

func TestFailed_keepsWhatMakesAnErrorTransient(t *testing.T) {
	require.True(t, tcp.IsTransient(failed("accept", nil, nil, unix.ENFILE)))
	require.False(t, tcp.IsTransient(net.ErrClosed))
	require.False(t, tcp.IsTransient(errors.New("something else")))
	require.False(t, tcp.IsTransient(nil))
}
