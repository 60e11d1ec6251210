package httpd

import (
	"context"
	"io"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step02-http/http1"
)

// A mine is a stream that waits, and panics when it is closed.
type mine struct{ closed chan struct{} }

func (m *mine) Read([]byte) (int, error) {
	<-m.closed
	return 0, io.EOF
}

func (m *mine) Close() error {
	select {
	case <-m.closed:
		return nil
	default:
	}
	close(m.closed)
	panic("the handler's own code")
}

// The watch closes the stream of a client that has vanished, and on its goroutine nobody else
// recovers: one handler's panic would end the process.
func TestServeTCP_survivesAStreamWhoseClosePanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, accepted := memnet.Pipe()
		defer accepted.Close()
		log := new(servertest.Logbook)
		server := &Server{Logger: log.Logger(), Handler: HandlerFunc(func(w *ResponseWriter, _ *Request) {
			w.Stream(&mine{closed: make(chan struct{})}, http1.UnknownLength)
		})}
		done := make(chan error)
		go func() { done <- server.ServeTCP(context.Background(), accepted) }()
		_, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		require.NoError(t, err)
		synctest.Wait()
		client.SetLinger(0)
		client.Close()
		<-done
		require.Contains(t, log.String(), "a handler panicked")
	})
}
