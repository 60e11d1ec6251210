package web_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/httpd"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

// start serves a page on a listener until stop is called.
func start(t *testing.T, listener net.Listener) (h *hub.Hub, stop func()) {
	h = hub.New(hub.Config{})
	engine := &selectloop.Server{Hub: h}
	stats := new(httpd.Stats)
	site := &web.Site{Hub: h, Serve: engine.ServeClient, HTTP: stats}
	server := &httpd.Server{Handler: site.Handler(), Stats: stats}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- server.Serve(ctx, listener) }()
	return h, func() {
		cancel()
		require.NoError(t, <-served)
	}
}

// A peer is a client of the test.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dial(t *testing.T, listener *memnet.Listener) *peer {
	conn, err := listener.Dial(t.Context())
	require.NoError(t, err)
	return &peer{t, conn, bufio.NewReader(conn)}
}

// ask sends a request and returns the response.
func (p *peer) ask(request string) *http.Response {
	p.t.Helper()
	_, err := io.WriteString(p.conn, request)
	require.NoError(p.t, err)
	response, err := http.ReadResponse(p.in, nil)
	require.NoError(p.t, err)
	return response
}

// send sends one frame.
func (p *peer) send(frame ws.Frame) {
	p.t.Helper()
	require.NoError(p.t, ws.WriteFrame(p.conn, ws.MaskFrame(frame)))
}

func (p *peer) say(text string) { p.send(ws.NewTextFrame([]byte(text))) }

// next returns the next event.
func (p *peer) next() session.Event {
	p.t.Helper()
	frame, err := web.ReadFrame(p.in)
	require.NoError(p.t, err)
	require.Equal(p.t, ws.OpText, frame.Header.OpCode, "%q", frame.Payload)
	event, err := session.ParseJSON(frame.Payload)
	require.NoError(p.t, err)
	return event
}

// ends wants a close frame, and then the end of the connection.
func (p *peer) ends() ws.StatusCode {
	p.t.Helper()
	frame, err := web.ReadFrame(p.in)
	require.NoError(p.t, err)
	require.Equal(p.t, ws.OpClose, frame.Header.OpCode, "%q", frame.Payload)
	_, err = p.in.ReadByte()
	require.ErrorIs(p.t, err, io.EOF)
	code, _ := ws.ParseCloseFrameData(frame.Payload)
	return code
}

// The key and its answer are those of RFC 6455 section 1.3.
const (
	shake = "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	shaken = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

func handshake(path, fields string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: chat.example:8081\r\n" + fields + "\r\n"
}

// open opens a WebSocket.
func open(t *testing.T, listener *memnet.Listener, path string) *peer {
	p := dial(t, listener)
	response := p.ask(handshake(path, shake))
	require.Equal(t, 101, response.StatusCode)
	return p
}
