package httpfuture_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"

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

// silence is content that never comes. It ends with its context.
type silence struct{ ctx context.Context }

func (s silence) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, io.EOF
}

func (s silence) Close() error { return nil }
