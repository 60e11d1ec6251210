package batch_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/broadcast"
)

// numbered is message number first, or the messages up to number last.
func numbered(first int, last ...int) string {
	var b strings.Builder
	for i := first; i <= append(last, first)[0]; i++ {
		fmt.Fprintf(&b, "[192.0.2.1:49152] message %03d\n", i)
	}
	return b.String()
}

// A chat is a channel, and a client that Write writes to.
type chat struct {
	sender   *broadcast.Sender[[]byte]
	receiver *broadcast.Receiver[[]byte]
	client   *memnet.Conn
	server   *recorder
	cancel   context.CancelFunc
	returned chan error
}

// start makes a chat in which Write runs.
func start(t lesson.T, write writeFunc, capacity int, opts ...memnet.Option) *chat {
	c := pending(t, capacity, opts...)
	c.start(t, write)
	return c
}

// pending makes a chat in which Write doesn't run yet.
func pending(t lesson.T, capacity int, opts ...memnet.Option) *chat {
	c := &chat{returned: make(chan error, 1)}
	c.sender, c.receiver = broadcast.New[[]byte](capacity)
	client, server := memnet.Pipe(opts...)
	c.client, c.server = client, &recorder{Conn: server}
	t.Cleanup(func() {
		c.sender.Close()
		client.Close()
		server.Close()
	})
	return c
}

func (c *chat) start(t lesson.T, write writeFunc) {
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(t.Context())
	t.Cleanup(c.cancel)
	go func() { c.returned <- write(ctx, c.server, c.receiver) }()
}

func (c *chat) say(t lesson.T, message string) {
	t.Helper()
	c.send(t, []byte(message))
}

func (c *chat) send(t lesson.T, message []byte) {
	t.Helper()
	_, err := c.sender.Send(message)
	require.NoError(t, err)
}

// reads wants the client to receive this.
func (c *chat) reads(t lesson.T, want, sentence string, args ...any) {
	t.Helper()
	// A minute of virtual time: it passes only when nobody can go on.
	c.client.SetReadDeadline(time.Now().Add(time.Minute))
	got := make([]byte, len(want))
	n, err := io.ReadFull(c.client, got)
	if what := fmt.Sprintf(sentence, args...); err != nil || string(got) != want {
		require.Fail(t, fmt.Sprintf("expected: %s\nreceived: %s (%v)", short(want), short(string(got[:n])), err), what)
	}
}

// readsNoMore wants the client to receive nothing.
func (c *chat) readsNoMore(t lesson.T) {
	t.Helper()
	c.client.SetReadDeadline(time.Now().Add(time.Minute))
	got := make([]byte, 1000)
	n, err := c.client.Read(got)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "all has arrived, and then something more: %s", short(string(got[:n])))
}

func short(text string) string {
	const most = 120
	if len(text) > most {
		return fmt.Sprintf("%q… (%d bytes)", text[:most], len(text))
	}
	return fmt.Sprintf("%q", text)
}

// A recorder remembers how much was written at a time.
type recorder struct {
	*memnet.Conn
	mu    sync.Mutex
	sizes []int
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	r.sizes = append(r.sizes, len(p))
	r.mu.Unlock()
	return r.Conn.Write(p)
}

func (r *recorder) written() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sizes)
}
