package client_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/exercises/client"
)

// many is as much as a queue holds. A select that could end or go on takes its pick at
// random: with less it would often go on by luck.
var many = strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen")

// A party is a room with its clients, and a member that is the test itself.
type party struct {
	client.Room
	t      lesson.T
	serve  serveFunc
	myself *client.Member
}

func open(t lesson.T, serve serveFunc) *party { return &party{t: t, serve: serve} }

// say says something to all who are there.
func (p *party) say(messages ...string) {
	synctest.Wait() // until all have joined
	if p.myself == nil {
		p.myself = p.Join()
		p.t.Cleanup(p.myself.Leave)
	}
	for _, message := range messages {
		p.myself.Send(message)
	}
}

// clients counts the members of the room without the test itself.
func (p *party) clients() int {
	if p.myself != nil {
		return p.Members() - 1
	}
	return p.Members()
}

// A guest is the client's end of a connection that is served.
type guest struct {
	*memnet.Conn
	t        lesson.T
	stop     context.CancelFunc // ends the ctx of Serve
	returned chan error
}

// arrives connects a client.
func (p *party) arrives(opts ...memnet.Option) *guest {
	conn, server := memnet.Pipe(opts...)
	g := &guest{Conn: conn, t: p.t, returned: make(chan error, 1)}
	ctx, stop := context.WithCancel(p.t.Context())
	g.stop = stop
	p.t.Cleanup(func() {
		stop()
		conn.Close()
	})
	go func() {
		defer server.Close()
		g.returned <- p.serve(ctx, server, &p.Room)
	}()
	synctest.Wait() // until it has joined
	return g
}

func (g *guest) says(text string) {
	g.t.Helper()
	_, err := g.Write([]byte(text))
	require.NoError(g.t, err, "a client says something, and its connection is gone")
}

// reads wants the client to receive this.
func (g *guest) reads(want, sentence string, args ...any) {
	g.t.Helper()
	// A minute of virtual time: it passes only when nobody can go on.
	g.SetReadDeadline(time.Now().Add(time.Minute))
	got := make([]byte, len(want))
	n, err := io.ReadFull(g, got)
	if what := fmt.Sprintf(sentence, args...); err != nil || string(got) != want {
		require.Fail(g.t, fmt.Sprintf("expected: %q\nreceived: %q (%v)", want, got[:n], err), what)
	}
}

// ends waits until Serve has returned, and returns what it returned.
func (g *guest) ends() error { return <-g.returned }
