package cluster

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A gate is a way to NATS that can be shut, for one node alone.
type gate struct {
	nats     *natsNode
	listener net.Listener
	copying  sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  []net.Conn
}

func newGate(t *testing.T, nats *natsNode) *gate {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := &gate{nats: nats, listener: listener}
	g.copying.Go(g.accept)
	t.Cleanup(func() {
		listener.Close()
		g.shut()
		g.copying.Wait()
	})
	return g
}

// join is [natsNode.join], through the gate.
func (g *gate) join() *node {
	return g.nats.joinAt("nats://" + g.listener.Addr().String())
}

func (g *gate) accept() {
	for {
		conn, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.pass(conn)
	}
}

func (g *gate) pass(conn net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		conn.Close()
		return
	}
	nats, err := net.Dial("tcp", g.nats.server.Addr().String())
	if err != nil {
		conn.Close()
		return
	}
	g.conns = append(g.conns, conn, nats)
	g.copying.Go(func() { copyAll(conn, nats) })
	g.copying.Go(func() { copyAll(nats, conn) })
}

func copyAll(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	to.Close()
	from.Close()
}

// shut ends all connections, and lets no new one through.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for _, conn := range g.conns {
		conn.Close()
	}
	g.conns = nil
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = false
}
