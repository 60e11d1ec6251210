package httpdtest

import (
	"io"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// What one client may cost in time.
var timeCases = []lesson.Case[Subject]{
	{
		Name: "head-timeout", Rule: "a head that is not complete after 10 s is answered with 408", Source: "RFC 9110 section 15.5.9",
		Hint:     "one deadline for the whole head: one for each Read lets a client send a byte now and then for ever",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for _, before := range []string{"", get("/")} {
				c := serve(t, subject, &httpd.Server{}).dial().patient()
				if before != "" {
					c.send(before)
					c.expect(200, helloText, "the first request is fine")
				}
				began := time.Now()
				go func() {
					// slowloris: a byte a second, so that no single Read takes long
					for _, b := range []byte("GET / HTTP/1.1\r\nHost: a\r\nX: " + long(100)) {
						if _, err := c.conn.Write([]byte{b}); err != nil {
							return
						}
						time.Sleep(time.Second)
					}
				}()
				c.expect(408, "*", "the client sends its head a byte a second")
				require.Equal(t, 10*time.Second, time.Since(began), "the limit of 10 s counts from the head's first byte")
				c.conn.Close()
			}
		},
	},
	{
		Name: "body-timeout", Rule: "a body that is not complete after 30 s is answered with 408", Source: "RFC 9110 section 15.5.9",
		Hint:     "one deadline for the whole body",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			c := serve(t, subject, &httpd.Server{}).dial().patient()
			began := time.Now()
			c.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
			c.expectRefusal(408, "the client has sent half a body, and goes on waiting")
			require.Equal(t, 30*time.Second, time.Since(began), "the limit of 30 s counts from the end of the head")
		},
	},
	{
		Name: "idle-timeout", Rule: "a connection that is idle for 60 s is closed without a word", Source: "RFC 9112 section 9.5",
		Hint:     "a 408 could be taken for the answer to the request that the client is about to send",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{})
			silent, served := server.dial().patient(), server.dial().patient()
			served.send(get("/"))
			served.expect(200, helloText, "the first request is fine")
			time.Sleep(59 * time.Second)
			served.send(get("/"))
			served.expect(200, helloText, "59 s later the connection is still open")
			began := time.Now()
			served.expectEnd("60 s after its last response an idle connection is closed, silently")
			require.Equal(t, 60*time.Second, time.Since(began), "the limit of 60 s counts from the last response")
			silent.expectEnd("who never says anything is idle, too")
		},
	},
	{
		Name: "write-timeout", Rule: "a client that doesn't read its response for 30 s is cut", Source: "net/http.Server.WriteTimeout",
		Hint:     "Write needs a deadline, too",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
				w.Write(make([]byte, 1<<20))
			})})
			c := server.dial()
			c.send(get("/"))
			time.Sleep(31 * time.Second)
			server.Stop()
			server.stoppedAtOnce("the handler of a client that doesn't read should have ended long ago")
		},
	},
	{
		Name: "limits-are-settings", Rule: "limits and time limits are those of the settings", Source: "net/http.Server.MaxHeaderBytes and ReadTimeout",
		Hint:     "0 means the default, everything else is meant",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{
				Limits:   http1.Limits{Body: 10, RequestLine: 30},
				Timeouts: httpd.Timeouts{Idle: time.Second, Head: 2 * time.Second},
			})
			c := server.dial()
			c.send(post("12345678901"))
			c.expectRefusal(413, "the limit for bodies is 10 bytes here")
			c = server.dial()
			c.send(get("/a-long-path-of-many-bytes"))
			c.expectRefusal(414, "the limit for request lines is 30 bytes here")
			c, began := server.dial(), time.Now()
			c.expectEnd("the limit for idle connections is a second here")
			require.Equal(t, time.Second, time.Since(began))
			c, began = server.dial(), time.Now()
			c.send("GET")
			c.expectRefusal(408, "the limit for heads is two seconds here")
			require.Equal(t, 2*time.Second, time.Since(began))
		},
	},
	{
		Name: "write-progress", Rule: "a slow client that goes on reading gets all of a large response", Source: "nginx send_timeout",
		Hint:     "the write limit is for each piece: one for the whole response cuts every slow line",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const size = 640 << 10
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
				w.Write(make([]byte, size))
			})})
			c := server.dial()
			c.send(get("/"))
			piece, got := make([]byte, 64<<10), 0
			for got < size {
				time.Sleep(8 * time.Second)
				n, err := io.ReadFull(c.conn, piece[:min(len(piece), size-got)])
				got += n
				require.NoError(t, err, "the client reads 64 KiB every 8 s, and after %d of them nothing more came", got>>16)
			}
		},
	},
	{
		Name: "no-limits", Rule: "a negative time limit is none", Source: "net/http.Server.ReadTimeout",
		Hint:     "the zero time is no deadline; and who is woken without a limit is woken by the stop",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Timeouts: httpd.Timeouts{Head: -1, Body: -1, Idle: -1, Write: -1}})
			c := server.dial()
			request := post("hello")
			for _, part := range []string{request[:5], request[5 : len(request)-2], request[len(request)-2:]} {
				time.Sleep(2 * time.Minute)
				require.NoError(t, c.conn.SetDeadline(time.Now().Add(patience)))
				c.send(part)
			}
			c.expect(200, "hello", "two minutes of silence before the request, in its head, and in its body")
			began := time.Now()
			server.Stop()
			c.expectEnd("the server stops: an idle connection is closed, whatever its limits")
			server.stopped()
			require.Zero(t, time.Since(began), "nothing was under way, so nothing is waited for")
		},
	},
}
