package chattest

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

	"github.com/stretchr/testify/require"
)

// IdleStacks serves five hundred clients over loopback, who have heard something and are silent now, and returns how many bytes of stack the
// server has for each of them. serve is a chat that passes lines on; it ends when its context does.
//
// A goroutine begins with 2 KiB, and one whose calls once needed more keeps 4 KiB or more for as long as the client is there. So
// this is how one sees that a frame has become too large: a local variable more in a loop that waits can be enough. With
// the race detector frames are larger, and the figure says nothing.
func IdleStacks(t *testing.T, serve func(ctx context.Context, listener net.Listener) error) float64 {
	// On several cores who waits for a lock may need more: that is how it may be, not how it must be.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	forgetLargeStacks()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, listener) }()
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
	talker := dial()
	before := stacks()
	for range n {
		dial()
	}
	// All are in the room when the last one hears something, since connections are accepted in their order.
	for last := conns[n]; !hears(t, last, "hello", 10*time.Millisecond); {
		_, err := io.WriteString(talker, "hello\n")
		require.NoError(t, err)
	}
	_, err = io.WriteString(talker, "done\n")
	require.NoError(t, err)
	for _, conn := range conns[1:] {
		require.True(t, hears(t, conn, "done", time.Minute)) // so all have been written to
	}
	return float64(stacks()-before) / n
}

// hears reads until somebody has said the word, or for so long.
func hears(t *testing.T, conn net.Conn, word string, limit time.Duration) bool {
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(limit)))
	for lines := bufio.NewReader(conn); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return false
		}
		if strings.HasSuffix(line, "] "+word+"\n") {
			return true
		}
	}
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
