package client

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"example.com/async/step02-http/http1"
)

// A Request is a request as the bytes that are sent. It can be sent as often as
// one likes, by several goroutines.
type Request struct {
	// Method is the method. It decides whether a response has content, and
	// whether the request may be repeated.
	Method string
	// Name is the method and the target, for people: "GET /".
	Name string
	// Bytes is the whole request, head and body.
	Bytes []byte
}

// NewRequest makes a request. host is for the Host field, unless fields have one;
// a body gets its Content-Length. The error says what could not be sent: a Request
// is always valid, because what a server does with an invalid one is no measure of it.
func NewRequest(method, host, target string, fields []http1.Field, body string) (Request, error) {
	switch {
	case !httpguts.ValidHeaderFieldName(method): // a method is a token too
		return Request{}, fmt.Errorf("%q is no method", method)
	case !validTarget(target):
		return Request{}, fmt.Errorf("%q can't be asked for: a target begins with a slash and has no spaces", target)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", method, target)
	if !has(fields, "Host") {
		fmt.Fprintf(&b, "Host: %s\r\n", host)
	}
	for _, field := range fields {
		switch {
		case !httpguts.ValidHeaderFieldName(field.Name) || !httpguts.ValidHeaderFieldValue(field.Value):
			return Request{}, fmt.Errorf("%q can't be a header field", field.Name+": "+field.Value)
		case strings.EqualFold(field.Name, "Content-Length") || strings.EqualFold(field.Name, "Transfer-Encoding"):
			return Request{}, fmt.Errorf("%s is made from the body", field.Name)
		}
		fmt.Fprintf(&b, "%s: %s\r\n", field.Name, field.Value)
	}
	// Methods with a body announce an empty one too (RFC 9110 section 8.6).
	if body != "" || method == http1.MethodPost || method == http1.MethodPut || method == http1.MethodPatch {
		b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	b.WriteString("\r\n" + body)
	return Request{Method: method, Name: method + " " + target, Bytes: []byte(b.String())}, nil
}

// Idempotent reports whether the request may be sent again when nobody knows
// whether it was served (RFC 9110 section 9.2.2).
func (r *Request) Idempotent() bool {
	switch r.Method {
	case http1.MethodPost, http1.MethodPatch:
		return false
	}
	return true
}

// validTarget accepts the origin-form and "*" (RFC 9112 section 3.2).
func validTarget(target string) bool {
	if target == "*" {
		return true
	}
	for i := range len(target) {
		if target[i] <= ' ' || target[i] >= 0x7f {
			return false
		}
	}
	return strings.HasPrefix(target, "/")
}

func has(fields []http1.Field, name string) bool {
	for _, field := range fields {
		if strings.EqualFold(field.Name, name) {
			return true
		}
	}
	return false
}
