package httpd

import (
	"time"

	"example.com/async/step02-http/http1"
)

// logAccess writes the line of a request that has been answered. It is no
// Middleware: a request that the parser refuses has no handler, a panic leaves
// the handler early, and a stream goes on when its handler has returned.
func (w *Workplace) logAccess(framing http1.Framing) {
	x := &w.exchange
	var sent int64
	switch {
	case x.Response.stream != nil:
		sent = w.streamed
	case framing.Content == http1.PlainContent:
		sent = x.Response.Length()
	}
	w.server.AccessLog.Info("request", "peer", w.peer, "method", x.Request.Method, "target", string(x.Request.Target()),
		"status", x.Response.Status(), "bytes", sent, "took", time.Since(w.began))
}
