//go:build !race

package chat_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat"
)

// The frames of a goroutine's calls, while it waits in Read or Write, must fit into 2 KiB: see Server.enter. (The race
// detector's frames are larger.)
func TestServer_holdsTheSmallestStacksForAnIdleClient(t *testing.T) {
	// On several cores who waits for a lock may need more: that is how it may be, not how it must be.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	forgetLargeStacks()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- new(chat.Server).Serve(ctx, listener) }()
	defer func() {
		stop()
		require.NoError(t, <-done)
	}()

	const n = 500
	var conns []net.Conn
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		conns = append(conns, conn)
		return conn
	}
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	hear := func(conn net.Conn, word string) {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		for lines := bufio.NewReader(conn); ; {
			line, err := lines.ReadString('\n')
			require.NoError(t, err)
			if strings.HasSuffix(line, word+"\n") {
				return
			}
		}
	}
	talker := dial()
	before := stacks()
	for range n {
		dial()
	}
	last := conns[n]
	// All are in the room when the last one hears something, since connections are accepted in their order.
	for heard := false; !heard; {
		_, err := io.WriteString(talker, "hello\n")
		require.NoError(t, err)
		require.NoError(t, last.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
		_, err = last.Read(make([]byte, 1))
		heard = err == nil
	}
	_, err = io.WriteString(talker, "done\n")
	require.NoError(t, err)
	for _, conn := range conns[1:] {
		hear(conn, "done") // so all writers have written
	}
	perClient := float64(stacks()-before) / n
	assert.Less(t, perClient, 5200., "bytes of stack for two goroutines; with frames that are too large it is more than 6 KiB")
}

// forgetLargeStacks is for what other tests have left: a goroutine begins with a stack of the average
// size that the last garbage collection has seen.
func forgetLargeStacks() {
	leave := make(chan struct{})
	var small sync.WaitGroup
	for range 1000 {
		small.Go(func() { <-leave })
	}
	runtime.GC()
	close(leave)
	small.Wait()
}

func stacks() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.StackInuse
}
