package typing_test

import (
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
)

// A user is the client's end of a connection that is served.
type user struct {
	*memnet.Conn
	t        lesson.T
	server   *watched
	messages chan string
	returned chan error

	mu    sync.Mutex
	lines []string
	gate  chan struct{} // say waits for it, unless it is nil
}

// arrives connects a user.
func arrives(t lesson.T, serve serveFunc, opts ...memnet.Option) *user {
	client, server := memnet.Pipe(opts...)
	u := &user{Conn: client, t: t, server: &watched{Conn: server}, messages: make(chan string), returned: make(chan error, 1)}
	t.Cleanup(func() {
		client.Close()
		server.Close()
	})
	go func() { u.returned <- serve(u.server, u.messages, u.say) }()
	return u
}

func (u *user) say(line string) {
	u.mu.Lock()
	u.lines = append(u.lines, line)
	gate := u.gate
	u.mu.Unlock()
	if gate != nil {
		<-gate
	}
}

// busy lets say take its time, until free is called.
func (u *user) busy() (free func()) {
	gate := make(chan struct{})
	free = sync.OnceFunc(func() { close(gate) })
	u.mu.Lock()
	u.gate = gate
	u.mu.Unlock()
	u.t.Cleanup(free)
	return free
}

// said is the lines that were said so far.
func (u *user) said() []string {
	u.t.Helper()
	lesson.Rest(u.t)
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.lines)
}

func (u *user) types(text string) {
	u.t.Helper()
	_, err := u.Write([]byte(text))
	require.NoError(u.t, err, "the user types, and the connection is gone")
}

// hears says something in the room, and wants the user to receive it.
func (u *user) hears(message, sentence string) {
	u.t.Helper()
	// A minute of virtual time: it passes only when nobody can go on.
	select {
	case u.messages <- message:
	case <-time.After(time.Minute):
		require.Fail(u.t, "Serve does not receive the message", sentence)
	}
	u.reads(message+"\n", sentence)
}

// reads wants the user to receive this.
func (u *user) reads(want, sentence string) {
	u.t.Helper()
	u.SetReadDeadline(time.Now().Add(time.Minute))
	got := make([]byte, len(want))
	n, err := io.ReadFull(u, got)
	require.NoError(u.t, err, "%s: expected %q, received %q", sentence, want, got[:n])
	require.Equal(u.t, want, string(got), sentence)
}

// offers reports whether Serve takes this message now.
func (u *user) offers(message string) bool {
	u.t.Helper()
	lesson.Rest(u.t)
	select {
	case u.messages <- message:
		return true
	default:
		return false
	}
}

// ends wants Serve to have returned, with its reader. It returns what Serve has returned.
func (u *user) ends(sentence string) error {
	u.t.Helper()
	select {
	case err := <-u.returned:
		require.Zero(u.t, u.server.reading(), "%s. Serve has returned, and a Read still waits", sentence)
		return err
	case <-time.After(time.Minute):
		require.Fail(u.t, "Serve has not returned", sentence)
		return os.ErrDeadlineExceeded
	}
}

// A watched connection knows whether somebody reads from it.
type watched struct {
	*memnet.Conn

	mu       sync.Mutex
	reads    int
	read     int // bytes
	writeErr error
}

var _ net.Conn = (*watched)(nil)

func (w *watched) Read(p []byte) (int, error) {
	w.mu.Lock()
	w.reads++
	w.mu.Unlock()
	n, err := w.Conn.Read(p)
	w.mu.Lock()
	w.reads--
	w.read += n
	w.mu.Unlock()
	return n, err
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	err := w.writeErr
	w.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// fail lets each Write fail from now on.
func (w *watched) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writeErr = err
}

// reading is how many Reads wait.
func (w *watched) reading() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reads
}

// hasRead is how many bytes were read so far.
func (w *watched) hasRead() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.read
}
