package asyncnet

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// The tests of this package run on each network that there is: what runs on top of it
// must not be able to tell which.

// A world is a network, the runtime that drives it, and a listener with clients.
type world struct {
	*testing.T
	network  Network
	rt       *executor.Runtime
	clients  lesson.Network
	dialled  net.Listener // what clients dial
	listener Listener
}

// onEach runs the test over epoll, over goroutines on real TCP, and over goroutines in memory, where time
// is virtual.
func onEach(t *testing.T, test func(w *world)) {
	t.Run("epoll", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("epoll is there on Linux only")
		}
		before := descriptors(t)
		begin(t, NewEpoll, lesson.Loopback, test)
		// Not Equal: what the test before this one has left to others to close may be closed now.
		require.LessOrEqual(t, descriptors(t), before, "a descriptor was not closed")
	})
	t.Run("portable", func(t *testing.T) { begin(t, newPortable, lesson.Loopback, test) })
	t.Run("memory", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { begin(t, newPortable, lesson.Memory, test) })
	})
}

func newPortable() (Network, error) { return NewPortable(), nil }

func begin(t *testing.T, newNetwork func() (Network, error), clients lesson.Network, test func(w *world)) {
	network, err := newNetwork()
	require.NoError(t, err)
	rt := executor.New(executor.Config{Driver: network})
	defer rt.Shutdown()
	dialled, err := clients.Listen()
	require.NoError(t, err)
	listener, err := network.Listener(dialled)
	require.NoError(t, err)
	test(&world{T: t, network: network, rt: rt, clients: clients, dialled: dialled, listener: listener})
}

// descriptors returns how many files this process has open; 0 where it can't be told.
func descriptors(t *testing.T) int {
	time.Sleep(1 * time.Nanosecond) // the first timer opens Go's own epoll, which would be counted otherwise
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// dial connects a client, whose end is closed when the test ends.
func (w *world) dial() lesson.Conn {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := w.clients.Dial(ctx, w.dialled)
	require.NoError(w, err)
	require.NoError(w, client.SetDeadline(time.Now().Add(patience)))
	return client
}

// connect returns both ends of a connection: the polled one, and that of the client.
func (w *world) connect() (Conn, lesson.Conn) {
	w.Helper()
	client := w.dial()
	accepted := await(w, Accept(w.listener), "a client was not accepted")
	require.NoError(w, accepted.Err)
	return accepted.Value, client
}

// await returns the value of f. It fails the test, with the sentence, if f is not ready in time.
func await[T any](w *world, f future.Future[T], sentence string) T {
	w.Helper()
	result := executor.BlockOn(future.Timeout(f, w.rt.Sleep(patience)))
	require.NoError(w, result.Err, sentence)
	return result.Value
}

// inTask runs f as a task; the function that it returns waits for its value.
func inTask[T any](w *world, f future.Future[T], sentence string) func() T {
	task := executor.Spawn(w.rt, f)
	return func() T {
		w.Helper()
		result := await(w, task, sentence)
		require.NoError(w, result.Err)
		return result.Value
	}
}

// read reads once, and must get something.
func (w *world) read(c Conn, most int) string {
	w.Helper()
	p := make([]byte, most)
	result := await(w, Read(c, p), "nothing came")
	require.NoError(w, result.Err)
	return string(p[:result.Value])
}

// readErr reads once, and must fail.
func (w *world) readErr(c Conn) error {
	w.Helper()
	result := await(w, Read(c, make([]byte, 10)), "a Read must fail, and waits")
	require.Zero(w, result.Value)
	require.Error(w, result.Err)
	return result.Err
}

func (w *world) write(c Conn, text string) {
	w.Helper()
	require.NoError(w, await(w, WriteAll(c, []byte(text)), "a small write waits").Err)
}

// send and expect are the client's side.
func send(w *world, client net.Conn, text string) {
	w.Helper()
	_, err := io.WriteString(client, text)
	require.NoError(w, err)
}

func expect(w *world, client net.Conn, text string) {
	w.Helper()
	got := make([]byte, len(text))
	_, err := io.ReadFull(client, got)
	require.NoError(w, err)
	require.Equal(w, text, string(got))
}

// A bell is a waker that a test can wait for, and that counts.
type bell struct {
	rung  chan struct{}
	mu    sync.Mutex
	wakes int
}

func newBell() *bell { return &bell{rung: make(chan struct{}, 1)} }

func (b *bell) Wake() {
	b.mu.Lock()
	b.wakes++
	b.mu.Unlock()
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

func (b *bell) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wakes
}

// mustRing waits for the first wake.
func (b *bell) mustRing(w *world, sentence string) {
	w.Helper()
	select {
	case <-b.rung:
	case <-time.After(patience):
		require.Fail(w, "no wake", sentence)
	}
}

// waitToRead polls c, which has nothing to read, with the waker.
func (w *world) waitToRead(c Conn, waker future.Waker) {
	w.Helper()
	_, ready, err := c.PollRead(future.NewContext(waker), make([]byte, 10))
	require.NoError(w, err)
	require.False(w, ready, "there was something to read")
}

// fillUp writes to c until there is no room, and the waker waits for it. It returns what it has written.
func (w *world) fillUp(c Conn, waker future.Waker) (written int) {
	w.Helper()
	block := make([]byte, 64<<10)
	for {
		n, ready, err := c.PollWrite(future.NewContext(waker), block)
		require.NoError(w, err)
		if ready {
			written += n
			require.Less(w, written, 1<<30, "a client that reads nothing was sent 1 GiB: what holds all that?")
			continue
		}
		// The portable network is always busy for a moment; and loopback delivers a little later.
		select {
		case <-waker.(*bell).rung:
		case <-time.After(fullFor):
			return written
		}
	}
}

// fullFor is how long nothing must move until a connection is taken to be full.
const fullFor = 200 * time.Millisecond

// A logbook keeps what a server logs.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
