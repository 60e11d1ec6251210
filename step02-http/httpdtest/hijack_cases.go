package httpdtest

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// A connection that goes on in another protocol.
var hijackCases = []lesson.Case[Subject]{
	{
		Name: "hijack", Rule: "after 101 the connection belongs to the handler's function, with the bytes that were read already", Source: "RFC 9110 section 7.8",
		Hint:     "flush the 101, clear the deadlines, hand over what is left in the buffer, close when the function returns",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, hijacked())
			c := server.dial()
			c.send(upgrade + "early,")
			c.expectUpgrade()
			time.Sleep(5 * time.Minute) // longer than any time limit of the server
			require.NoError(t, c.conn.SetDeadline(time.Now().Add(patience)))
			c.send(" late")
			c.closeWrite()
			got, err := io.ReadAll(c.reader)
			require.NoError(t, err)
			require.Equal(t, "early, late", string(got), "the function sends back what it gets: first what came with the request")
		},
	},
	{
		Name: "hijack-stop", Rule: "a connection that was taken over is told when the server stops, and cut if it doesn't end", Source: "net/http.Server.RegisterOnShutdown",
		Hint:     "its context is that of Serve; and Serve returns only when its function has",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			told := make(chan struct{})
			settings := &httpd.Server{DrainTimeout: 3 * time.Second, Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
				w.Hijack("echo", func(ctx context.Context, conn net.Conn, _ []byte) error {
					<-ctx.Done()
					close(told)
					_, err := conn.Read(make([]byte, 1)) // and doesn't end
					return err
				})
			})}
			server := serve(t, subject, settings)
			c := server.dial()
			c.send(upgrade)
			c.expectUpgrade()
			synctest.Wait()
			server.Stop()
			select {
			case <-told:
			case <-time.After(time.Second):
				require.Fail(t, "the context has not ended", "the server was told to stop")
			}
			server.cut(1, "the function waits for its client")
		},
	},
	{
		Name: "hijack-unasked", Rule: "101 is only for a client that has asked for the protocol", Source: "RFC 9110 section 7.8",
		Hint: "otherwise the client takes the protocol's bytes for a response: look for the protocol in Upgrade, for upgrade in Connection, and at the version",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, hijacked())
			for _, request := range []string{
				get("/"), "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
				"GET / HTTP/1.0\r\nConnection: Upgrade, keep-alive\r\nUpgrade: echo\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n", // a proxy has passed it on and knows nothing of it
			} {
				c := server.dial()
				c.send(request)
				c.expect(500, "*", "the client has not asked for this protocol")
				c.conn.Close()
			}
		},
	},
}

// upgrade asks for the protocol of hijacked.
const upgrade = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"

// hijacked is a server that goes on as an echo server.
func hijacked() *httpd.Server {
	return &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.Hijack("echo", func(_ context.Context, conn net.Conn, buffered []byte) error {
			if _, err := conn.Write(buffered); err != nil {
				return err
			}
			_, err := io.Copy(conn, conn)
			return err
		})
	})}
}

// expectUpgrade reads the 101.
func (c *client) expectUpgrade() {
	c.t.Helper()
	// net/http's reader would take 101 for the end, and leave what follows alone.
	r, err := http.ReadResponse(c.reader, &http.Request{Method: "GET"})
	require.NoError(c.t, err, "the client has asked for the protocol echo")
	require.Equal(c.t, 101, r.StatusCode, "the client has asked for the protocol echo")
	require.Equal(c.t, "echo", r.Header.Get("Upgrade"), "101 names the protocol")
	require.Equal(c.t, "Upgrade", r.Header.Get("Connection"), "Upgrade is a field for this connection only")
}

// cut fails the case unless Serve returns in time, with a CutError that counts n connections.
func (r *running) cut(n int, sentence string) {
	r.T.Helper()
	select {
	case err := <-r.Returned:
		var cut *tcp.CutError
		require.ErrorAs(r.T, err, &cut, sentence)
		require.Equal(r.T, tcp.CutError{Cut: n}, *cut, "%s: the connection is cut, and its handler has ended", sentence)
	case <-time.After(patience):
		require.Fail(r.T, "Serve has not returned", sentence)
	}
}
