package httpd_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
)

const helloRequest = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"

// BenchmarkHello asks for "Hello, world!" over loopback, with the client in the same
// process: so a figure is the cost of both ends, and the client's part is the same
// for both servers.
func BenchmarkHello(b *testing.B) {
	servers := []struct {
		name  string
		serve func(b *testing.B, listener net.Listener)
	}{{"httpd", serveHTTPD}, {"net-http", serveNetHTTP}}
	for _, shape := range []struct {
		name            string
		conns, pipeline int
	}{
		{"1-connection", 1, 1}, {"1-connection-16-pipelined", 1, 16},
		{"64-connections", 64, 1}, {"64-connections-16-pipelined", 64, 16},
	} {
		for _, server := range servers {
			b.Run(shape.name+"/"+server.name, func(b *testing.B) {
				listener, err := net.Listen("tcp", "127.0.0.1:0")
				require.NoError(b, err)
				server.serve(b, listener)
				load(b, listener.Addr().String(), shape.conns, shape.pipeline)
			})
		}
	}
}

func serveHTTPD(b *testing.B, listener net.Listener) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- (&httpd.Server{Handler: httpdtest.Site()}).Serve(ctx, listener) }()
	b.Cleanup(func() {
		stop()
		require.NoError(b, <-done)
	})
}

func serveNetHTTP(b *testing.B, listener net.Listener) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "Hello, world!")
	})
	server := &http.Server{Handler: mux}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	b.Cleanup(func() {
		server.Close()
		<-done
	})
}

// load sends b.N requests over that many connections, some at once on each.
func load(b *testing.B, address string, conns, pipeline int) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var clients sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range conns {
		conn, err := net.Dial("tcp", address)
		require.NoError(b, err)
		clients.Go(func() {
			defer conn.Close()
			length := responseLength(b, conn)
			batch := []byte(strings.Repeat(helloRequest, pipeline))
			answer := make([]byte, length*pipeline)
			for left.Add(-int64(pipeline)) >= 0 {
				if _, err := conn.Write(batch); err != nil {
					b.Error(err)
					return
				}
				if _, err := io.ReadFull(conn, answer); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
}

// responseLength asks once. All later responses are as long.
func responseLength(b *testing.B, conn net.Conn) int {
	if _, err := io.WriteString(conn, helloRequest); err != nil {
		b.Error(err)
		return 0
	}
	counter := &countingReader{Reader: conn}
	response, err := http.ReadResponse(bufio.NewReader(counter), nil)
	if err != nil {
		b.Error(err)
		return 0
	}
	if body, _ := io.ReadAll(response.Body); string(body) != "Hello, world!" {
		b.Errorf("got %q", body)
	}
	return counter.n
}

type countingReader struct {
	io.Reader
	n int
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n += n
	return n, err
}

// BenchmarkEngine is what httpd itself costs: 16 requests come with each Read, and the
// kernel has no part in it. The rest of BenchmarkHello's figure is the way there and back.
// With other headers each request has another header than the one before: that is what a
// client costs whose headers can't be recalled.
func BenchmarkEngine(b *testing.B) {
	const tenFields = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n" +
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n" +
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\nConnection: keep-alive\r\nReferer: http://localhost:8080/\r\n" +
		"Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nPriority: u=0, i\r\n\r\n"
	other := strings.NewReplacer("Host: ", "host: ").Replace
	for _, test := range []struct{ name, request, next string }{
		{"hello", helloRequest, helloRequest},
		{"hello-other-headers", helloRequest, other(helloRequest)},
		{"ten-fields", tenFields, tenFields},
		{"ten-fields-other-headers", tenFields, other(tenFields)},
	} {
		b.Run(test.name, func(b *testing.B) {
			server := &httpd.Server{Handler: httpdtest.Site(), Stats: new(httpd.Stats)}
			conn := &endlessConn{batch: []byte(strings.Repeat(test.request+test.next, 8)), left: b.N / 16}
			b.ReportAllocs()
			b.ResetTimer()
			if err := server.ServeTCP(b.Context(), conn); err != nil {
				b.Error(err)
			}
		})
	}
}

// An endlessConn has a batch of requests again and again, as often as left says.
type endlessConn struct {
	net.TCPConn // for the methods that matter little here
	batch       []byte
	unread      []byte
	left        int
}

func (c *endlessConn) Read(p []byte) (int, error) {
	if len(c.unread) == 0 {
		if c.left--; c.left < 0 {
			return 0, io.EOF
		}
		c.unread = c.batch
	}
	n := copy(p, c.unread)
	c.unread = c.unread[n:]
	return n, nil
}

func (c *endlessConn) Write(p []byte) (int, error)      { return len(p), nil }
func (c *endlessConn) SetReadDeadline(time.Time) error  { return nil }
func (c *endlessConn) SetWriteDeadline(time.Time) error { return nil }
func (c *endlessConn) RemoteAddr() net.Addr             { return nil }
func (c *endlessConn) SyscallConn() (syscall.RawConn, error) {
	return nil, errors.ErrUnsupported
}

// BenchmarkConnectionPerRequest opens a connection for each request, as the article's clients
// do, and reads to its end. What a server does to end a connection in good order counts here.
func BenchmarkConnectionPerRequest(b *testing.B) {
	const clients = 4 // there is always one that connects while another one is answered
	for _, server := range []struct {
		name  string
		serve func(b *testing.B, listener net.Listener)
	}{{"httpd", serveHTTPD}, {"net-http", serveNetHTTP}} {
		b.Run(server.name, func(b *testing.B) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(b, err)
			server.serve(b, listener)
			var left atomic.Int64
			left.Store(int64(b.N))
			var running sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range clients {
				running.Go(func() {
					buffer := make([]byte, 4<<10)
					for left.Add(-1) >= 0 && askOnce(b, listener.Addr().String(), buffer) {
					}
				})
			}
			running.Wait()
		})
	}
}

// askOnce asks on a connection of its own, and reports whether that went well.
func askOnce(b *testing.B, address string, buffer []byte) bool {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Error(err)
		return false
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"); err != nil {
		b.Error(err)
		return false
	}
	for n := 0; ; {
		more, err := conn.Read(buffer[n:])
		if n += more; err == io.EOF && n > len("Hello, world!") {
			return true
		} else if err != nil {
			b.Errorf("%d bytes, then: %v", n, err)
			return false
		}
	}
}
