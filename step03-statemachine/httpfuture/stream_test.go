package httpfuture_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
)

// More streams that wait than the runtime's pool has goroutines.
func TestServer_sendsFilesWhileManyStreamsAreSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		router := new(httpd.Router)
		router.HandleFunc("GET", "/silent", func(w *httpd.ResponseWriter, r *httpd.Request) {
			w.Stream(silence{r.Context()}, http1.UnknownLength)
		})
		router.Handle("GET", "/{path...}", httpdtest.Site())
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- newServer("portable", 1)(&httpd.Server{Handler: router}).Serve(ctx, listener) }()

		get := func(path string) *bufio.Reader {
			conn, err := listener.Dial(ctx)
			require.NoError(t, err)
			t.Cleanup(func() { conn.Close() })
			_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n")
			require.NoError(t, err)
			synctest.Wait()
			return bufio.NewReader(conn)
		}
		for range 300 {
			get("/silent")
		}
		response, err := http.ReadResponse(get("/files/hello.txt"), nil)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Equal(t, "hello from a file\n", string(text))
		stop()
		require.NoError(t, <-done, "the streams end with their contexts")
	})
}

// A client that sends and sends while it waits for an event is not read any further: what it has sent has to be kept.
func TestServer_keepsLittleOfWhatAClientSendsDuringAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := memnet.Listen()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		silent := httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
			w.Stream(silence{r.Context()}, http1.UnknownLength)
		})
		go func() { done <- newServer("portable", 1)(&httpd.Server{Handler: silent}).Serve(ctx, listener) }()
		conn, err := listener.Dial(ctx)
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		require.NoError(t, err)
		synctest.Wait()

		require.NoError(t, conn.SetWriteDeadline(time.Now().Add(time.Second)))
		sent, err := conn.Write(make([]byte, 16<<20))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "the server has read all of it")
		require.Less(t, sent, 256<<10, "what a network holds, and some KiB")
		stop()
		require.NoError(t, <-done)
	})
}

// silence is content that never comes. It ends with its context.
type silence struct{ ctx context.Context }

func (s silence) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, io.EOF
}

func (s silence) Close() error { return nil }
