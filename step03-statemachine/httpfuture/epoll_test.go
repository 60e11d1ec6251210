package httpfuture_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/httpd"
)

// Epoll can't be in a bubble, so what the suite checks in virtual time is checked here with
// short limits.

// serveEpoll serves over loopback until stop is called, or the test ends.
func serveEpoll(t *testing.T, settings *httpd.Server) (address string, stop func()) {
	needEpoll(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- newServer("epoll", 1)(settings).Serve(ctx, listener) }()
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

func dial(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	return conn, bufio.NewReader(conn)
}

func ask(t *testing.T, conn net.Conn, reader *bufio.Reader) *http.Response {
	_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	require.Equal(t, 204, response.StatusCode)
	return response
}

var noContent = httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) { w.SetStatus(204) })

func TestServer_hasNoGoroutineForAConnection(t *testing.T) {
	address, _ := serveEpoll(t, &httpd.Server{Handler: noContent})
	conn, reader := dial(t, address)
	ask(t, conn, reader)
	before := runtime.NumGoroutine()
	for range 300 {
		conn, reader := dial(t, address)
		ask(t, conn, reader)
		require.NoError(t, conn.(*net.TCPConn).SetLinger(0)) // or its port waits after the test
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before, "300 connections more")
}

func TestServer_keepsTimeLimitsOverEpoll(t *testing.T) {
	const limit = 30 * time.Millisecond
	address, _ := serveEpoll(t, &httpd.Server{Handler: noContent, Timeouts: httpd.Timeouts{Idle: limit, Head: limit, Body: limit}})
	for _, test := range []struct {
		sent   string
		status int // 0: the connection is closed without a word
	}{
		{"", 0}, {"GET / HTTP/1.1\r\n", 408}, {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", 408},
	} {
		began := time.Now()
		conn, reader := dial(t, address)
		_, err := io.WriteString(conn, test.sent)
		require.NoError(t, err)
		if test.status != 0 {
			response, err := http.ReadResponse(reader, nil)
			require.NoError(t, err)
			require.Equal(t, test.status, response.StatusCode)
			_, err = io.Copy(io.Discard, response.Body)
			require.NoError(t, err)
		}
		_, err = reader.ReadByte()
		require.ErrorIs(t, err, io.EOF, "in good order")
		require.GreaterOrEqual(t, time.Since(began), limit)
		conn.Close()
	}
}

func TestServer_isWokenByTheStopOverEpoll(t *testing.T) {
	address, stop := serveEpoll(t, &httpd.Server{Handler: noContent})
	_, fresh := dial(t, address)
	conn, served := dial(t, address)
	ask(t, conn, served)
	stop()
	for _, reader := range []*bufio.Reader{fresh, served} {
		_, err := reader.ReadByte()
		require.Error(t, err, "the server has stopped")
	}
}

func TestServer_finishesWhatHasBegunWhenItStops(t *testing.T) {
	begun := make(chan struct{})
	address, stop := serveEpoll(t, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
		w.Stream(&slowContent{ctx: r.Context(), begun: begun}, int64(len("finished")))
	})})
	conn, reader := dial(t, address)
	_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	<-begun
	go conn.(*net.TCPConn).CloseWrite() // so that the server needn't linger
	stop()
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, "finished", string(text))
}

// slowContent comes when the server stops.
type slowContent struct {
	ctx   context.Context
	begun chan struct{}
}

func (c *slowContent) Read(p []byte) (int, error) {
	close(c.begun)
	<-c.ctx.Done()
	return copy(p, "finished"), nil
}

func (c *slowContent) Close() error { return nil }

func TestServer_handsOverASocketOfEpoll(t *testing.T) {
	address, _ := serveEpoll(t, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Hijack("echo", func(_ context.Context, conn net.Conn, buffered []byte) error {
			_, err := io.Copy(conn, io.MultiReader(bytes.NewReader(buffered), conn))
			return err
		})
	})})
	conn, reader := dial(t, address)
	const upgrade = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
	_, err := io.WriteString(conn, upgrade+"early, ")
	require.NoError(t, err)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	require.Equal(t, 101, response.StatusCode)
	_, err = io.WriteString(conn, "late")
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	text, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.Equal(t, "early, late", string(text))
}
