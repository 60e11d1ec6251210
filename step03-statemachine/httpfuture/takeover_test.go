package httpfuture_test

import (
	"context"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// A takeover that is cut learns that its time is over, not that it has used a closed connection: that would look
// like a mistake of its own.
func TestServer_cutsATakeoverByADeadline(t *testing.T) {
	for _, engine := range engines {
		synctest.Test(t, func(t *testing.T) {
			read := make(chan error, 1)
			handler := httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
				w.Hijack("other", func(_ context.Context, conn net.Conn, _ []byte) error {
					_, err := conn.Read(make([]byte, 1))
					read <- err
					return err
				})
			})
			listener := memnet.Listen()
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- engine(&httpd.Server{Handler: handler, DrainTimeout: -1}).Serve(ctx, listener) }()
			conn, err := listener.Dial(ctx)
			require.NoError(t, err)
			defer conn.Close()
			_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n")
			require.NoError(t, err)
			synctest.Wait()
			stop()
			var cut *tcp.CutError
			require.ErrorAs(t, <-done, &cut)
			require.ErrorIs(t, <-read, os.ErrDeadlineExceeded)
		})
	}
}
