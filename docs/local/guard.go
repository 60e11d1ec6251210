package local

import (
	"bytes"
	"net"
	"strconv"
	"strings"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// MaxBody is how long the body of a request to a live route may be, in bytes. The largest one holds a raw
// HTTP request that a reader has typed.
const MaxBody = 64 << 10

// A Guard lets requests of this machine and of the book's own pages through, and refuses all others. It may
// be used by many goroutines.
type Guard struct {
	port string
}

// NewGuard returns the guard of a server that listens at address, which must be loopback ([IsLoopback]):
// no field of a request can tell a neighbour's machine from this one.
func NewGuard(address net.Addr) *Guard {
	if !IsLoopback(address) {
		panic("local: live routes are for loopback only, not for " + address.String())
	}
	return &Guard{port: strconv.Itoa(address.(*net.TCPAddr).Port)}
}

// Protect returns a handler that asks next only if the request may go through: for a live route.
//
//   - Host is a loopback name or address, with our port.
//   - Each Origin is http:// and that Host.
//   - Each Sec-Fetch-Site is same-origin, or none: the reader has typed the address.
//   - What isn't GET, HEAD or OPTIONS is a POST with a body in JSON. A page can't send JSON elsewhere without
//     being announced first (a CORS preflight), but it can send a form.
//   - The body is no longer than [MaxBody].
func (g *Guard) Protect(next httpd.Handler) httpd.Handler {
	return &guarded{g.refusal, next}
}

// ProtectPage is Protect for a page that a reader may come to from anywhere, by a link: only its Host must
// be ours. The foreign page that has the link can't see what the reader then sees.
func (g *Guard) ProtectPage(next httpd.Handler) httpd.Handler {
	return &guarded{g.refusalOfPage, next}
}

// A guarded handler asks next for what is not refused. A status of 0 means not refused.
type guarded struct {
	refusal func(r *httpd.Request) (status int, why string)
	next    httpd.Handler
}

var _ httpd.HeadHandler = (*guarded)(nil)

// ServeHTTP implements [httpd.Handler].
func (h *guarded) ServeHTTP(w *httpd.ResponseWriter, r *httpd.Request) {
	if h.refuse(w, r) {
		return
	}
	h.next.ServeHTTP(w, r)
	// Another page shall not even embed the answer, and nothing keeps it.
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
}

// RefuseHead implements [httpd.HeadHandler]: nobody sends a body for nothing.
func (h *guarded) RefuseHead(w *httpd.ResponseWriter, r *httpd.Request) bool {
	if h.refuse(w, r) {
		return true
	}
	next, asks := h.next.(httpd.HeadHandler)
	return asks && next.RefuseHead(w, r)
}

func (h *guarded) refuse(w *httpd.ResponseWriter, r *httpd.Request) bool {
	status, why := h.refusal(r)
	if status != 0 {
		httpd.Error(w, status, why)
	}
	return status != 0
}

func (g *Guard) refusalOfPage(r *httpd.Request) (status int, why string) {
	if !g.isOurs(string(r.Host())) {
		return 403, "this page is only for this machine: open it at http://127.0.0.1:" + g.port
	}
	return 0, ""
}

func (g *Guard) refusal(r *httpd.Request) (status int, why string) {
	if status, why := g.refusalOfPage(r); status != 0 {
		return status, why
	}
	for name, value := range r.Fields() {
		switch {
		case bytes.EqualFold(name, []byte("Origin")) && !strings.EqualFold(string(value), "http://"+string(r.Host())),
			bytes.EqualFold(name, []byte("Sec-Fetch-Site")) && string(value) != "same-origin" && string(value) != "none":
			return 403, "only the book's own pages may ask for this"
		}
	}
	switch r.Method {
	case http1.MethodGet, http1.MethodHead, http1.MethodOptions:
	case http1.MethodPost:
		kind, _, _ := strings.Cut(string(r.Field("Content-Type")), ";")
		if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
			return 415, "the body must be application/json"
		}
	default:
		return 405, "what changes something is a POST"
	}
	if len(r.Body()) > MaxBody {
		return 413, "the body is longer than " + strconv.Itoa(MaxBody) + " bytes"
	}
	return 0, ""
}

// isOurs reports whether a browser that names this host has come to this machine, and to our port.
// A name could lead anywhere, so there is one alone: browsers resolve localhost themselves.
func (g *Guard) isOurs(host string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil { // browsers leave out port 80
		name, port = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), "80"
	}
	return port == g.port && (strings.EqualFold(name, "localhost") || net.ParseIP(name).IsLoopback())
}
