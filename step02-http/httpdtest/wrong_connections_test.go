package httpdtest

import (
	"context"
	"net"
	"strings"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/httpd"
)

// Wrong in how long a connection lives, and in what order its requests are answered.
var wrongConnections = []lesson.Wrong[Subject]{
	{
		Name: "closes after each response, unannounced", Case: "keep-alive",
		Message: "HTTP/1.1 keeps the connection open",
		Subject: withConn(func(conn net.Conn) net.Conn {
			return &wrongConn{Conn: conn, write: func(p []byte) (int, error) {
				defer conn.Close()
				return conn.Write(p)
			}}
		}),
	},
	{
		Name: "says Connection: close to everybody", Case: "keep-alive",
		Message: "the client did not ask to close, but the response says Connection: close",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				next.ServeHTTP(w, r)
				w.Header().Set("Connection", "close")
			})
		}),
	},
	{
		Name: "looks for Connection: close in this spelling only", Case: "close",
		Message: "the last response must say Connection: close",
		Subject: withHead(func(lines []string) []string {
			for _, line := range lines {
				if strings.HasPrefix(line, "Connection:") && line != "Connection: close" {
					return deleteField(lines, "Connection", 0)
				}
			}
			return lines
		}),
	},
	{
		Name: "keeps every client of HTTP/1.0", Case: "http10-closes",
		Message: "HTTP/1.0 did not ask for keep-alive",
		Subject: faulty(fault{keepsHTTP10: true}),
	},
	{
		Name: "keeps a client of HTTP/1.0, and doesn't tell it", Case: "http10-keep-alive",
		Message: "a client of HTTP/1.0 must be told that the connection stays open",
		Subject: withResponse(func(head, content string) (string, string) {
			return strings.Replace(head, "Connection: keep-alive\r\n", "", 1), content
		}),
	},
	{
		Name: "throws away what follows a request in the buffer", Case: "pipelining",
		Message: "50 requests came in one piece",
		Subject: faulty(fault{dropsRest: true}),
	},
	{
		Name: "answers whatever follows Connection: close", Case: "pipelining-after-close",
		Message: "nothing is answered after Connection: close",
		Subject: faulty(fault{answersAll: true}),
	},
	{
		Name: "closes at once after Connection: close, because nothing can follow", Case: "pipelining-after-close",
		Message: "connection reset by peer",
		Subject: faulty(fault{trustsClose: true}),
	},
	{
		Name: "writes each response as soon as it is made", Case: "pipelining-one-write",
		Message: "so many writes for 16 requests that came together",
		Subject: faulty(fault{flushesEach: true}),
	},
	{
		Name: "forgets the responses that wait when it meets an error", Case: "error-after-pipelined",
		Message: "the first request was fine",
		Subject: faulty(fault{dropsResponses: true}),
	},
	{
		Name: "looks whether the client is still there, and takes its half-close for an end", Case: "half-close",
		Message: "the client has half-closed after two requests",
		Subject: faulty(fault{looksForEnd: true}),
	},
	{
		Name: "takes the end of the stream for the end of the request", Case: "half-close-incomplete",
		Message: "the request has ended early",
		Subject: faulty(fault{endIsEnough: true}),
	},
	{
		Name: "answers before it has read the body, and closes", Case: "error-is-readable",
		Message: "connection reset by peer",
		Subject: faulty(fault{closesAtOnce: true}),
	},
	{
		Name: "serves one connection after the other", Case: "isolation",
		Message: "other clients are silent or gone",
		Subject: wrong(func(s *httpd.Server) ServeFunc {
			return func(ctx context.Context, listener net.Listener) error {
				defer context.AfterFunc(ctx, func() { listener.Close() })()
				for {
					conn, err := listener.Accept()
					if err != nil {
						return nil
					}
					_ = s.ServeTCP(ctx, conn) // no go statement
					conn.Close()
				}
			}
		}),
	},
}
