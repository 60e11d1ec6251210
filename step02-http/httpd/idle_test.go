package httpd

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The idle reader needs a descriptor, which connections in memory don't have. So
// what the suite checks in virtual time is checked here over TCP, where it can be.

func serveTCP(t *testing.T, server *Server) (address string, stop func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(t, <-done)
		}
	}
	t.Cleanup(stop)
	return listener.Addr().String(), stop
}

func dialTCP(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return conn, bufio.NewReader(conn)
}

func ask204(t *testing.T, conn net.Conn, reader *bufio.Reader) {
	_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	require.Equal(t, 204, response.StatusCode)
}

var noContent = HandlerFunc(func(w *ResponseWriter, _ *Request) { w.SetStatus(204) })

func TestIdleReader_keepsTheTimeLimit(t *testing.T) {
	address, _ := serveTCP(t, &Server{Handler: noContent, Timeouts: Timeouts{Idle: 30 * time.Millisecond}})
	dialled := time.Now()
	_, reader := dialTCP(t, address) // and asks nothing: on a busy machine that could come too late
	_, err := reader.ReadByte()
	require.ErrorIs(t, err, io.EOF, "an idle connection is closed in good order")
	require.GreaterOrEqual(t, time.Since(dialled), 30*time.Millisecond, "but not before its time")
}

func TestIdleReader_isWokenByTheStop(t *testing.T) {
	address, stop := serveTCP(t, &Server{Handler: noContent})
	_, fresh := dialTCP(t, address)
	conn, served := dialTCP(t, address)
	ask204(t, conn, served)
	ask204(t, conn, served)
	stop()
	for _, reader := range []*bufio.Reader{fresh, served} {
		_, err := reader.ReadByte()
		require.Error(t, err, "the server has stopped")
	}
}

func TestIdleReader_holdsNoWorkplace(t *testing.T) {
	if !canReadDescriptor {
		t.Skip("this system can't ask a descriptor")
	}
	server, client := tcpPair(t)
	c := newConn(t.Context(), &Server{Handler: noContent}, server)
	defer c.release()
	require.True(t, c.idle.possible())
	tried := make(chan bool)
	c.idle.try = func(fd uintptr) bool {
		ready := c.idle.tryRead(fd)
		tried <- c.Workplace == nil
		return ready
	}
	done := make(chan error, 1)
	go func() { done <- c.idle.read() }()
	require.True(t, <-tried, "nothing is there to read, so the workplace is given back")
	_, err := io.WriteString(client, "GET")
	require.NoError(t, err)
	require.False(t, <-tried, "something is there")
	require.NoError(t, <-done)
	require.Equal(t, "GET", string(c.in.bytes))
}

// A secretConn reads in its own way, and its descriptor is still to be had.
type secretConn struct{ *net.TCPConn }

func (c secretConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	for i := range p[:n] {
		p[i] ^= 1
	}
	return n, err
}

func TestIdleReader_doesNotGoBehindTheReadOfAnother(t *testing.T) {
	server, client := tcpPair(t)
	done := make(chan error, 1)
	go func() {
		done <- (&Server{Handler: noContent}).ServeTCP(t.Context(), secretConn{server.(*net.TCPConn)})
	}()
	request := []byte("GET / HTTP/1.0\r\n\r\n")
	for i := range request {
		request[i] ^= 1
	}
	_, err := client.Write(request)
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(client), nil)
	require.NoError(t, err)
	require.Equal(t, 204, response.StatusCode)
	client.Close()
	require.NoError(t, <-done)
}

// tcpPair returns the two ends of a connection over loopback.
func tcpPair(t *testing.T) (server, client net.Conn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	client, _ = dialTCP(t, listener.Addr().String())
	server, err = listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { server.Close() })
	return server, client
}

func TestServer_answersWhileOthersAreIdleOrSlow(t *testing.T) {
	const others = 500 // of each kind; load -idle 10000 -slow 1000 measures it with more
	address, _ := serveTCP(t, &Server{Handler: noContent})
	for range others {
		idle, reader := dialTCP(t, address)
		ask204(t, idle, reader)
		slow, _ := dialTCP(t, address)
		_, err := io.WriteString(slow, "GET / HTTP/1.1\r\nHost: a\r\nX: ") // slowloris
		require.NoError(t, err)
		for _, conn := range []net.Conn{idle, slow} {
			require.NoError(t, conn.(*net.TCPConn).SetLinger(0)) // no port shall wait after the test
		}
	}
	conn, reader := dialTCP(t, address)
	for range 100 {
		ask204(t, conn, reader)
	}
}
