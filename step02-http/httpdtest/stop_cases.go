package httpdtest

import (
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/httpd"
)

// How a server stops.
var stopCases = []lesson.Case[Subject]{
	{
		Name: "stop-idle", Rule: "a server that stops closes idle connections at once", Source: "net/http.Server.Shutdown",
		Hint:     "a Read that waits knows nothing of the context: a deadline in the past wakes it",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{})
			fresh, served := server.dial(), server.dial()
			served.send(get("/"))
			served.expect(200, helloText, "the first request is fine")
			synctest.Wait()
			server.Stop()
			fresh.expectEnd("the server stops: a connection without a request is closed")
			served.expectEnd("the server stops: an idle connection is closed")
			server.stoppedAtOnce("nothing was under way, so nothing is waited for")
		},
	},
	{
		Name: "stop-busy", Rule: "a request that has begun is answered, and told Connection: close", Source: "RFC 9112 section 9.6",
		Hint:     "whoever is woken by the stop in the middle of a request must go on reading it",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for cut := range 3 {
				request := post("hello")
				at := []int{5, 40, len(request) - 1}[cut] // in the request line, in the header, in the body
				server := serve(t, subject, &httpd.Server{})
				c := server.dial()
				c.send(request[:at])
				synctest.Wait()
				server.Stop()
				time.Sleep(2 * time.Second)
				c.send(request[at:])
				r := c.expect(200, "hello", "the server was told to stop in the middle of this request")
				require.True(t, r.Close, "a server that stops says so: Connection: close")
				c.expectEnd("the last response was sent")
				c.conn.Close()
				server.stopped()
			}
		},
	},
	{
		Name: "stop-handler", Rule: "a handler that runs may finish; its context has ended", Source: "net/http.Server.Shutdown",
		Hint: "the context of the request is derived from that of Serve",
		Check: func(t lesson.T, subject Subject) {
			started := make(chan struct{})
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				close(started)
				<-r.Context().Done()
				w.WriteString("finished")
			})})
			c := server.dial()
			c.send(get("/"))
			select {
			case <-started:
			case <-time.After(patience):
				require.Fail(t, "the handler was not called", "the client has sent a request")
			}
			server.Stop()
			r := c.expect(200, "finished", "the handler was running when the server was told to stop")
			require.True(t, r.Close, "a server that stops says so: Connection: close")
			c.conn.Close()
			server.stopped()
		},
	},
	{
		Name: "stop-cuts", Rule: "what is not answered after the drain timeout is cut", Source: "net/http.Server.Shutdown and Close",
		Hint:     "a client that never finishes its request must not keep the server from stopping",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{DrainTimeout: 3 * time.Second})
			c := server.dial()
			c.send(get("/")[:10])
			synctest.Wait()
			began := time.Now()
			server.Stop()
			server.cut(1, "a client holds the server up with half a request")
			require.Less(t, time.Since(began), 5*time.Second, "the drain timeout is 3 s")
		},
	},
}
