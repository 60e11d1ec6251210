package web_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step05-select/selecttest"
)

var engines = map[string]func(s *selecttest.Settings) selecttest.Server{
	"goroutine": byGoroutines, "poll": byPolling("portable"),
}

// startEngine serves a page on a listener until stop is called.
func startEngine(t *testing.T, newServer func(s *selecttest.Settings) selecttest.Server, listener net.Listener) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	server := newServer(&selecttest.Settings{DrainTimeout: patience, Logger: slog.New(slog.DiscardHandler)})
	go func() { served <- server.Serve(ctx, listener) }()
	return func() {
		cancel()
		require.NoError(t, <-served)
	}
}

// lastWords are what ends a client, each with the status of the close frame that must be the answer.
var lastWords = map[string]struct {
	frame  ws.Frame
	status ws.StatusCode
}{
	"leaves":         {ws.MaskFrame(ws.NewTextFrame([]byte("/quit"))), ws.StatusNormalClosure},
	"closes":         {ws.MaskFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, ""))), ws.StatusGoingAway},
	"breaks the RFC": {ws.NewTextFrame([]byte("no mask")), ws.StatusProtocolError},
}

// sayLast sends a last word, and much more behind it: more than the server reads at once.
func (p *peer) sayLast(frame ws.Frame) {
	p.t.Helper()
	bytes := ws.MustCompileFrame(frame)
	for range 40 {
		bytes = append(bytes, ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(strings.Repeat("x", 1000)))))...)
	}
	_, err := p.conn.Write(bytes)
	require.NoError(p.t, err)
}

// expectClose wants the close frame, and that the server is the one who ends the connection then.
func (p *peer) expectClose(status ws.StatusCode) {
	p.t.Helper()
	if status == ws.StatusNormalClosure {
		require.Equal(p.t, "goodbye", p.next().Text)
	}
	require.Equal(p.t, status, p.ends())
}

func TestSite_closeFrameCanBeReadWhateverTheClientHasSent(t *testing.T) {
	for engine, newServer := range engines {
		for how, last := range lastWords {
			t.Run(engine+"/"+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					listener := memnet.Listen()
					defer startEngine(t, newServer, listener)()
					p := open(t, listener, "/chat")
					defer p.conn.Close()
					p.next()
					p.next()
					p.sayLast(last.frame)
					synctest.Wait() // if the server closes with all that unread, the connection has been reset by now
					p.expectClose(last.status)
				})
			})
		}
	}
	for how, last := range lastWords {
		t.Run("epoll/"+how, func(t *testing.T) {
			needEpoll(t)
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer startEngine(t, byPolling("epoll"), listener)()
			conn, err := net.Dial("tcp", listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
			p := &peer{t, conn, bufio.NewReader(conn)}
			require.Equal(t, 101, p.ask(handshake("/chat", shake)).StatusCode)
			p.next()
			p.next()
			p.sayLast(last.frame)
			p.expectClose(last.status)
		})
	}
}

// A client that has left costs no more than LingerTime and LingerBytes, whatever it does.
func TestSite_doesNotLingerForEver(t *testing.T) {
	for engine, newServer := range engines {
		t.Run(engine, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				listener := memnet.Listen()
				defer startEngine(t, newServer, listener)()
				leave := func() (p *peer, gone func() bool) {
					p = open(t, listener, "/chat")
					p.next()
					p.next()
					p.send(ws.NewCloseFrame(nil))
					p.ends()
					return p, func() bool {
						synctest.Wait()
						return p.conn.(*memnet.Conn).Peer().Closed()
					}
				}
				silent, gone := leave()
				defer silent.conn.Close()
				time.Sleep(tcp.LingerTime - time.Millisecond)
				require.False(t, gone(), "the client may still be reading")
				time.Sleep(2 * time.Millisecond)
				require.True(t, gone(), "a client was sent a close frame, and does not close")

				loud, gone := leave()
				defer loud.conn.Close()
				began := time.Now()
				_, err := io.CopyN(loud.conn, endless{}, 2*tcp.LingerBytes)
				if err == nil {
					require.True(t, gone(), "a client was sent a close frame, and goes on to send")
				}
				require.Less(t, time.Since(began), tcp.LingerTime, "it is not the time that ends this")

				polite, gone := leave()
				require.NoError(t, polite.conn.Close())
				require.True(t, gone(), "a client has closed, too")
			})
		})
	}
}

// An endless is bytes that never end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
