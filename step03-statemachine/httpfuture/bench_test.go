package httpfuture

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// BenchmarkEngine is what the machine itself costs: the kernel and the reactor have no part in
// it. It is to be compared with BenchmarkEngine of package httpd, where 16 requests come with
// each read.
func BenchmarkEngine(b *testing.B) {
	const request = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
	for _, test := range []struct {
		name  string
		batch int
	}{{"pipelined-16", 16}, {"one-by-one", 1}} {
		b.Run(test.name, func(b *testing.B) {
			http := &httpd.Server{Handler: httpdtest.Site(), Stats: new(httpd.Stats)}
			rt := executor.New(executor.Config{})
			defer rt.Shutdown()
			e := &engine{http: http, timeouts: http.Timeouts.WithDefaults(), start: time.Now(), ctx: b.Context(), rt: rt, asides: new(asides)}
			client := &endlessConn{batch: strings.Repeat(request, test.batch), left: b.N / test.batch}
			c := e.newConn(client)
			cx := future.NewContext(new(countingWaker))
			b.ReportAllocs()
			b.ResetTimer()
			for ready := false; !ready; {
				_, ready = c.Poll(cx)
			}
		})
	}
}

// An endlessConn has a batch of requests again and again, as often as left says. It is
// not ready between them: each takes a poll, as with a client that waits for its answer.
type endlessConn struct {
	batch string
	left  int
	wait  bool
}

func (c *endlessConn) PollRead(_ *future.Context, p []byte) (n int, ready bool, err error) {
	if c.wait = !c.wait; c.wait {
		return
	}
	if c.left--; c.left < 0 {
		return 0, true, io.EOF
	}
	return copy(p, c.batch), true, nil
}

func (c *endlessConn) PollWrite(_ *future.Context, p []byte) (n int, ready bool, err error) {
	return len(p), true, nil
}
func (c *endlessConn) CloseWrite() error    { return nil }
func (c *endlessConn) Close() error         { return nil }
func (c *endlessConn) LocalAddr() net.Addr  { return new(net.TCPAddr) }
func (c *endlessConn) RemoteAddr() net.Addr { return nil }
