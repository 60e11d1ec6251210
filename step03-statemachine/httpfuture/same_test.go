package httpfuture_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
)

// requests are each kind of outcome, a connection for each element.
var requests = []string{
	"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /files/hello.txt HTTP/1.1\r\nHost: a\r\n\r\nHEAD /files/hello.txt HTTP/1.1\r\nHost: a\r\n\r\n",
	"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
	"POST /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
	"GET /panic HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /abort HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /breaks HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost:",
	"nonsense\r\n\r\n",
}

// engines are step 2's and step 3's.
var engines = []func(*httpd.Server) httpdtest.Server{
	func(s *httpd.Server) httpdtest.Server { return s },
	newServer("portable", 1),
}

// What a client gets, what is counted and what is logged is the same whichever engine serves.
func TestServer_answersCountsAndLogsAsTheGoroutineDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goroutine, future := record(t, engines[0]), record(t, engines[1])
		require.Equal(t, goroutine, future)
		require.Contains(t, goroutine.log, "a handler panicked")
		require.Contains(t, goroutine.log, "bytes=18")
		require.Contains(t, goroutine.stats, `"GET /files/{path...}"`)
	})
}

type recorded struct {
	answers    []string
	log, stats string
}

// record serves the requests with one engine.
func record(t *testing.T, newServer func(*httpd.Server) httpdtest.Server) (all recorded) {
	var log logbook
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: hideWhatDiffers}))
	stats := new(httpd.Stats)
	listener := memnet.Listen()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- newServer(&httpd.Server{Handler: handler(), Logger: logger, AccessLog: logger, Stats: stats}).Serve(ctx, listener)
	}()
	for _, text := range requests {
		conn, err := listener.Dial(ctx)
		require.NoError(t, err)
		_, err = io.WriteString(conn, text)
		require.NoError(t, err)
		require.NoError(t, conn.CloseWrite())
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		conn.Close()
		all.answers = append(all.answers, string(answer))
	}
	synctest.Wait()
	stop()
	require.NoError(t, <-done)
	text, err := json.Marshal(stats.Snapshot())
	require.NoError(t, err)
	all.log, all.stats = log.text.String(), string(text)
	return all
}

func handler() httpd.Handler {
	router := new(httpd.Router)
	router.HandleFunc("GET", "/panic", func(*httpd.ResponseWriter, *httpd.Request) { panic("as asked") })
	router.HandleFunc("GET", "/abort", func(*httpd.ResponseWriter, *httpd.Request) { panic(tcp.ErrAbortHandler) })
	router.HandleFunc("GET", "/breaks", func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Stream(io.NopCloser(strings.NewReader("half")), 8)
	})
	site := httpdtest.Site()
	router.Handle("GET", "/{rest...}", site)
	router.Handle("POST", "/{rest...}", site)
	return &heads{Handler: router, site: site.(httpd.HeadHandler)}
}

// heads lets the site refuse heads.
type heads struct {
	httpd.Handler
	site httpd.HeadHandler
}

func (h *heads) RefuseHead(w *httpd.ResponseWriter, r *httpd.Request) bool {
	return h.site.RefuseHead(w, r)
}

// hideWhatDiffers removes from the log what no two runs have in common.
func hideWhatDiffers(_ []string, attr slog.Attr) slog.Attr {
	switch attr.Key {
	case slog.TimeKey, "peer", "stack":
		return slog.Attr{}
	}
	return attr
}

func TestServer_servesMaxConnsAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- newServer("portable", 1)(&httpd.Server{Handler: httpdtest.Site(), MaxConns: 2}).Serve(ctx, listener)
		}()
		var conns []*memnet.Conn
		for range 3 {
			conn, err := listener.Dial(ctx)
			require.NoError(t, err)
			_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			require.NoError(t, err)
			conns = append(conns, conn)
		}
		synctest.Wait()
		require.Zero(t, conns[2].Peer().Writes(), "two are served, the third waits")
		conns[0].Close()
		synctest.Wait()
		require.Equal(t, 1, conns[2].Peer().Writes(), "one has gone")
		stop()
		require.NoError(t, <-done)
	})
}

// A handler that doesn't look at its context holds its worker; but the stop tells, and returns.
func TestServer_tellsHandlersThatNeverReturn(t *testing.T) {
	for _, engine := range engines {
		synctest.Test(t, func(t *testing.T) {
			never := make(chan struct{})
			stuck := httpd.HandlerFunc(func(*httpd.ResponseWriter, *httpd.Request) { <-never })
			listener := memnet.Listen()
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() {
				done <- engine(&httpd.Server{Handler: stuck, DrainTimeout: time.Second}).Serve(ctx, listener)
			}()
			conn, err := listener.Dial(ctx)
			require.NoError(t, err)
			defer conn.Close()
			_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			require.NoError(t, err)
			synctest.Wait()
			stop()
			var cut *tcp.CutError
			require.ErrorAs(t, <-done, &cut)
			require.Equal(t, tcp.CutError{Cut: 1, Stuck: 1}, *cut)
			close(never) // or the bubble would never end
		})
	}
}

// Content and takeovers run on goroutines of their own: a server that stops waits for them, too.
func TestServer_tellsWhatStillRunsForAConnectionThatWasCut(t *testing.T) {
	for name, respond := range map[string]func(w *httpd.ResponseWriter, block func()){
		"a file": func(w *httpd.ResponseWriter, block func()) { w.Stream(deaf{block}, 5) },
		"events": func(w *httpd.ResponseWriter, block func()) { w.Stream(deaf{block}, http1.UnknownLength) },
		"takeover": func(w *httpd.ResponseWriter, block func()) {
			w.Hijack("other", func(context.Context, net.Conn, []byte) error { block(); return nil })
		},
	} {
		for _, late := range []time.Duration{cutSoon, time.Hour} {
			for _, engine := range engines {
				t.Run(fmt.Sprint(name, " for ", late), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						var ended atomic.Bool
						handler := httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
							stopping := r.Context().Done()
							respond(w, func() {
								<-stopping
								time.Sleep(late)
								ended.Store(true)
							})
						})
						listener := memnet.Listen()
						ctx, stop := context.WithCancel(t.Context())
						done := make(chan error, 1)
						go func() {
							done <- engine(&httpd.Server{Handler: handler, DrainTimeout: -1}).Serve(ctx, listener)
						}()
						conn, err := listener.Dial(ctx)
						require.NoError(t, err)
						defer conn.Close()
						_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n")
						require.NoError(t, err)
						synctest.Wait()
						stop()
						want := tcp.CutError{Cut: 1}
						if late > cutSoon {
							want.Stuck = 1
						}
						var cut *tcp.CutError
						require.ErrorAs(t, <-done, &cut)
						require.Equal(t, want, *cut)
						require.Equal(t, want.Stuck == 0, ended.Load(), "Serve waits for its end, for a while")
						time.Sleep(late) // or the bubble would never end
					})
				})
			}
		}
	}
}

const cutSoon = time.Second / 2

// deaf is content that does not mind being closed.
type deaf struct{ block func() }

func (d deaf) Read([]byte) (int, error) { d.block(); return 0, io.EOF }
func (d deaf) Close() error             { return nil }

func TestServer_returnsWhatCannotBegin(t *testing.T) {
	for _, network := range []string{"none such", "epoll"} {
		listener := memnet.Listen() // no socket for epoll
		err := newServer(network, 1)(&httpd.Server{Handler: httpdtest.Site()}).Serve(t.Context(), listener)
		require.Error(t, err, network)
		_, err = listener.Dial(t.Context())
		require.Error(t, err, "the listener is closed")
	}
}

type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}
