package web

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"example.com/async/step02-http/httpd"
	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/hub"
)

// chat is the handshake of RFC 6455 section 4.2: a request that becomes a WebSocket. What is asked for stands in
// the query: name, room, and since, the ID of the last message that the page has seen there.
func (s *Site) chat(w *httpd.ResponseWriter, r *httpd.Request) {
	status, message := refusal(r)
	if status != 0 {
		httpd.Error(w, status, message)
		if status == 426 {
			w.Header().Set("Upgrade", "websocket")
			w.Header().Set("Sec-WebSocket-Version", version)
		}
		return
	}
	entry := entryOf(string(r.Query()))
	w.Header().Set("Sec-WebSocket-Accept", accept(string(r.Field("Sec-WebSocket-Key"))))
	w.Hijack("websocket", func(ctx context.Context, conn net.Conn, buffered []byte) error {
		err := s.Serve(ctx, conn, &Frames{Lines: lines.Decoder{Max: s.MaxLine}}, entry, buffered)
		if end, ok := errors.AsType[*EndError](err); ok && end.Fault == nil {
			return nil // it has closed as it should
		}
		return err
	})
}

// version is the one version of the protocol that there is.
const version = "13"

// refusal says why a request can't become a WebSocket. The status is 0 if it can.
func refusal(r *httpd.Request) (status int, message string) {
	switch {
	case r.Method != "GET" || r.HTTP10 || !lists(r, "Upgrade", "websocket") || !lists(r, "Connection", "Upgrade"):
		return 426, "this is for WebSockets; the page at / opens one"
	case string(r.Field("Sec-WebSocket-Version")) != version:
		return 426, "the version of the WebSocket must be " + version
	case !isKey(string(r.Field("Sec-WebSocket-Key"))):
		return 400, "Sec-WebSocket-Key must be 16 bytes in base64"
	case !sameOrigin(r):
		return 403, "only this server's own page may open a WebSocket here"
	}
	return 0, ""
}

// sameOrigin reports whether it is our own page that asks. A browser lets every page open a WebSocket to every
// server, from inside the user's network and with the user's cookies, and leaves it to the server to look at
// Origin (section 10.2). What is no browser sends none, and could send any.
func sameOrigin(r *httpd.Request) bool {
	origin := r.Field("Origin")
	if origin == nil {
		return true
	}
	from, err := url.Parse(string(origin))
	return err == nil && from.Host != "" && strings.EqualFold(from.Host, string(r.Host()))
}

// lists reports whether one of the fields of that name has the token, without regard to case.
func lists(r *httpd.Request, name, token string) bool {
	for n, value := range r.Fields() {
		if !strings.EqualFold(string(n), name) {
			continue
		}
		for element := range strings.SplitSeq(string(value), ",") {
			if strings.EqualFold(strings.Trim(element, " \t"), token) {
				return true
			}
		}
	}
	return false
}

func isKey(key string) bool {
	nonce, err := base64.StdEncoding.DecodeString(key)
	return err == nil && len(nonce) == 16
}

// accept returns what shows a client that its request was understood, and not just answered: nothing but a
// WebSocket server does this with a key.
func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// entryOf reads the query. What is wrong in it is as if it were missing: the hub has names and rooms for who
// asks for none.
func entryOf(query string) hub.Entry {
	values, err := url.ParseQuery(query)
	if err != nil {
		return hub.Entry{}
	}
	since, _ := strconv.ParseUint(values.Get("since"), 10, 64) // 0 if it is no number
	return hub.Entry{Name: values.Get("name"), Room: values.Get("room"), Since: since}
}
