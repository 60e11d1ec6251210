package httpfuture

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// dialogue is what a client sends in these tests: each way of a request to travel, one behind
// the other. The last one is broken, so the connection ends by the server.
const dialogue = "GET / HTTP/1.1\r\nHost: a\r\n\r\n" +
	"\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" +
	"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nchu\r\n3;x=y\r\nnks\r\n0\r\nT: r\r\n\r\n" +
	"HEAD /files/hello.txt HTTP/1.1\r\nHost: a\r\n\r\n" +
	"GET /files/hello.txt HTTP/1.1\r\nHost: a\r\n\r\n" +
	"GET /files/none HTTP/1.1\r\nHost: a\r\n\r\n" +
	"nonsense\r\n\r\nand more of it"

// The same machine is fed the same bytes in every way in which a network can cut them, and its
// answers must be those of the engine that has a goroutine. Futures fail at cuts; a goroutine
// passes this for free.
func TestConn_answersLikeTheGoroutineHoweverTheStreamIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := answersOfGoroutine(t, dialogue)
		require.Equal(t, 7, strings.Count(want, "\r\nDate: "))
		e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
		for cut := range len(dialogue) {
			for _, most := range []int{50, 1 << 20} {
				client := &fakeConn{pieces: []string{dialogue[:cut], dialogue[cut:]}, most: most}
				err := pollToEnd(t, e.newConn(client), client)
				require.NoError(t, err)
				require.Equal(t, want, string(client.written), "cut at %d, %d bytes a write", cut, most)
				require.True(t, client.finSent, "who ends the dialogue says so")
			}
		}
		client := &fakeConn{pieces: strings.Split(dialogue, ""), most: 1}
		require.NoError(t, pollToEnd(t, e.newConn(client), client))
		require.Equal(t, want, string(client.written), "byte by byte")
	})
}

func TestConn_leavesPipelinedResponsesInOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
		client := &fakeConn{pieces: []string{strings.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 16)}, most: 1 << 20}
		require.NoError(t, pollToEnd(t, e.newConn(client), client))
		require.Equal(t, 16, strings.Count(string(client.written), "HTTP/1.1 200"))
		require.Equal(t, 1, client.writes)
	})
}

func TestConn_letsOthersGoFirstBetweenPipelinedRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const requests, budget = 100, 10
		answered := 0
		e := newTestEngine(t, &httpd.Server{Handler: httpd.HandlerFunc(func(*httpd.ResponseWriter, *httpd.Request) { answered++ })})
		client := &fakeConn{pieces: []string{strings.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", requests)}, most: 1 << 20}
		c := e.newConn(client)
		waker := new(countingWaker)
		cx := future.NewContext(waker)
		for polls := 1; polls < requests/budget; polls++ {
			cx.Renew(waker, budget)
			_, ready := c.Poll(cx)
			require.False(t, ready)
			require.Equal(t, polls*budget, answered)
			require.EqualValues(t, polls, waker.wakes.Load(), "it wants to go on")
		}
		require.Zero(t, client.writes, "one write is for all")
		require.NoError(t, pollToEnd(t, c, client))
		require.Equal(t, 1, client.writes)
	})
}

func TestConn_holdsNoWorkplaceWhileIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
		client := &fakeConn{pieces: []string{"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /"}, most: 1 << 20, open: true}
		c := e.newConn(client)
		waker := new(countingWaker)
		for range 10 { // spurious polls change nothing
			_, ready := c.Poll(future.NewContext(waker))
			require.False(t, ready)
		}
		require.Equal(t, readHead, c.state)
		require.NotNil(t, c.work, "half a request is in it")
		client.pieces, client.hold = []string{" HTTP/1.1\r\nHost: a\r\n\r\n"}, false
		for range 10 {
			_, ready := c.Poll(future.NewContext(waker))
			require.False(t, ready)
		}
		require.Equal(t, idle, c.state)
		require.Nil(t, c.work)
		require.Equal(t, 1, e.rt.Timers().Len(), "one timer, however many requests and polls")
		c.Cancel()
		require.Zero(t, e.rt.Timers().Len())
	})
}

func TestConn_panicsWhenPolledAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
		client := &fakeConn{}
		c := e.newConn(client)
		require.NoError(t, pollToEnd(t, c, client))
		require.PanicsWithValue(t, future.PolledAfterReady, func() { c.Poll(future.NewContext(new(countingWaker))) })
	})
}

func TestConn_tellsWhyItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
		broken := fmt.Errorf("the cable is cut")
		for _, client := range []*fakeConn{
			{failure: broken},
			{pieces: []string{"GET / HTT"}, failure: broken},
			{pieces: []string{"GET / HTTP/1.1\r\nHost: a\r\n\r\n"}, writeFailure: broken, most: 10},
		} {
			require.ErrorIs(t, pollToEnd(t, e.newConn(client), client), broken)
		}
	})
}

func TestState_hasNames(t *testing.T) {
	seen := map[string]bool{}
	for s := idle; s <= over; s++ {
		require.NotContains(t, seen, s.String())
		seen[s.String()] = true
	}
	require.Equal(t, "unknown state", state(99).String())
	require.Equal(t, idle, stateFor(http1.Start))
	require.Equal(t, readHead, stateFor(http1.HeaderFields))
	require.Equal(t, readBody, stateFor(http1.ChunkEnd))
}

// newTestEngine returns what the connections of a server share. The caller is in a bubble.
func newTestEngine(t *testing.T, http *httpd.Server) *engine {
	rt := executor.New(executor.Config{})
	t.Cleanup(rt.Shutdown)
	return &engine{http: http, timeouts: http.Timeouts.WithDefaults(), start: time.Now(), ctx: t.Context(), rt: rt, asides: new(asides)}
}

// answersOfGoroutine returns what step 2's engine answers.
func answersOfGoroutine(t *testing.T, requests string) string {
	client, server := memnet.Pipe()
	defer client.Close()
	go func() {
		defer server.Close()
		_ = (&httpd.Server{Handler: httpdtest.Site()}).ServeTCP(t.Context(), server)
	}()
	_, err := io.WriteString(client, requests)
	require.NoError(t, err)
	require.NoError(t, client.CloseWrite())
	answers, err := io.ReadAll(client)
	require.NoError(t, err)
	return string(answers)
}

// pollToEnd polls c until it is ready, three times where once would do. When it isn't ready,
// it must have kept its promise: the waker of the last Poll is with the connection, or was called.
func pollToEnd(t *testing.T, c *conn, client *fakeConn) error {
	for polls := 0; polls < 100_000; polls++ {
		for range 3 {
			waker := new(countingWaker)
			err, ready := c.Poll(future.NewContext(waker))
			if ready {
				return err
			}
			if client.waker != waker {
				synctest.Wait() // a Read of content is under way, on another goroutine
				require.Positive(t, waker.wakes.Load(), "pending, and nobody has the waker")
			}
		}
		client.hold = false
	}
	t.Fatal("the connection does not end")
	return nil
}

type countingWaker struct{ wakes atomic.Int32 }

func (w *countingWaker) Wake() { w.wakes.Add(1) }

// A fakeConn is a connection that is never ready before it was waited for: the client's bytes
// come piece by piece, and of a write it takes most bytes.
type fakeConn struct {
	pieces       []string // what the client will send
	open         bool     // it sends no FIN after that
	failure      error    // but this
	writeFailure error    // after the first bytes
	most         int

	written []byte
	writes  int
	finSent bool

	hold  bool // has handed out something, and waits for the next event
	waker future.Waker
}

var _ asyncnet.Conn = (*fakeConn)(nil)

func (c *fakeConn) PollRead(cx *future.Context, p []byte) (n int, ready bool, err error) {
	for len(c.pieces) > 0 && c.pieces[0] == "" {
		c.pieces = c.pieces[1:]
	}
	switch {
	case c.hold, len(c.pieces) == 0 && c.open:
		c.waker = cx.Waker()
		return
	case len(c.pieces) > 0:
		c.hold = true
		n = copy(p, c.pieces[0])
		c.pieces[0] = c.pieces[0][n:]
		return n, true, nil
	case c.failure != nil:
		return 0, true, c.failure
	}
	return 0, true, io.EOF
}

func (c *fakeConn) PollWrite(cx *future.Context, p []byte) (n int, ready bool, err error) {
	if c.hold && c.most < 100 {
		c.waker = cx.Waker()
		return
	}
	if c.writeFailure != nil && c.writes > 0 {
		return 0, true, c.writeFailure
	}
	c.hold = true
	c.writes++
	n = min(len(p), c.most)
	c.written = append(c.written, p[:n]...)
	return n, true, nil
}

func (c *fakeConn) CloseWrite() error    { c.finSent = true; return nil }
func (c *fakeConn) Close() error         { return nil }
func (c *fakeConn) LocalAddr() net.Addr  { return new(net.TCPAddr) }
func (c *fakeConn) RemoteAddr() net.Addr { return new(net.TCPAddr) }
