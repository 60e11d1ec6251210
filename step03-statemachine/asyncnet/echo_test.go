package asyncnet

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// Step 1's cases, over memory and over loopback, with one worker and with several.
func TestEcho_isAnEchoServer(t *testing.T) {
	for _, workers := range []int{1, 4} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) {
			testEcho(t, workers)
		})
	}
}

func testEcho(t *testing.T, workers int) {
	t.Run("memory", func(t *testing.T) {
		lesson.RunInBubble(t, tcptest.EchoCases(), echoSubject(Echo, newPortable, lesson.Memory, workers))
	})
	t.Run("portable", func(t *testing.T) {
		lesson.Run(t, tcptest.EchoCases(), echoSubject(Echo, newPortable, lesson.Loopback, workers))
	})
	t.Run("epoll", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("epoll is there on Linux only")
		}
		lesson.Run(t, tcptest.EchoCases(), echoSubject(Echo, NewEpoll, lesson.Loopback, workers))
	})
}

func echoSubject(handler Handler, network func() (Network, error), clients lesson.Network, workers int) tcptest.Subject {
	return tcptest.Subject{Network: clients, New: func(settings *tcp.Server) tcptest.Server {
		return &Server{
			Handler: handler, Network: network, Workers: workers,
			DrainTimeout: settings.DrainTimeout, Logger: settings.Logger,
		}
	}}
}

func TestEcho_doesNotMindToBePolledMoreOftenThanItIsWoken(t *testing.T) {
	restless := func(ctx context.Context, rt *executor.Runtime, conn Conn) future.Future[error] {
		return futuretest.PollThree(Echo(ctx, rt, conn))
	}
	lesson.RunInBubble(t, tcptest.EchoCases(), echoSubject(restless, newPortable, lesson.Memory, 1))
}

func TestEcho_holdsNoBufferWhileItsClientIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin(t, newPortable, lesson.Memory, func(w *world) {
			c, client := w.connect()
			defer client.Close()
			e := Echo(t.Context(), w.rt, c).(*echo)
			ended := inTask(w, future.Future[error](e), "the client has ended, and the echo goes on")
			send(w, client, "hello")
			expect(w, client, "hello")
			synctest.Wait()
			require.Equal(w, echoReading, e.state)
			require.Nil(w, e.buffer, "an idle connection holds 4 KiB")
			require.NoError(w, client.CloseWrite())
			require.NoError(w, ended())
			require.Equal(w, echoDone, e.state)
			require.PanicsWithValue(w, future.PolledAfterReady, func() { e.Poll(future.NewContext(newBell())) })
		})
	})
}

// A choppyConn is a Conn whose client sends text. It reads and writes at most most bytes a call, and each
// second call must wait.
type choppyConn struct {
	Conn
	most  int
	text  string
	echo  strings.Builder
	calls int
}

func (c *choppyConn) mustWait(cx *future.Context) bool {
	c.calls++
	if c.calls%2 == 0 {
		cx.Waker().Wake()
	}
	return c.calls%2 == 0
}

func (c *choppyConn) PollRead(cx *future.Context, p []byte) (n int, ready bool, err error) {
	if c.mustWait(cx) {
		return 0, false, nil
	}
	if c.text == "" {
		return 0, true, io.EOF
	}
	n = copy(p[:min(len(p), c.most)], c.text)
	c.text = c.text[n:]
	return n, true, nil
}

func (c *choppyConn) PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error) {
	if c.mustWait(cx) {
		return 0, false, nil
	}
	n = min(len(p), max(c.most-1, 1)) // so that what was read needs two writes
	c.echo.Write(p[:n])
	return n, true, nil
}

func TestEcho_sendsBackEachByteHoweverTheNetworkCutsThem(t *testing.T) {
	text := strings.Repeat("any bytes, cut anywhere. ", 1000)
	for _, most := range []int{1, 2, 3, 7, echoBuffer - 1, echoBuffer, echoBuffer + 1, 1 << 20} {
		c := &choppyConn{most: most, text: text}
		require.NoError(t, executor.BlockOn(Echo(t.Context(), nil, c)))
		require.True(t, text == c.echo.String(), "with %d bytes a call: of %d bytes %d came back", most, len(text), c.echo.Len())
	}
}
