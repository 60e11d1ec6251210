package http1

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// After each head every other one must be what it would be without the cache: so nothing that
// decides about a head is left out of what the cache compares.
func TestHeadCache_changesNoHead(t *testing.T) {
	get := Request{Method: MethodGet, KeepAlive: true}
	usual := ResponseHead{Status: 200, Header: Header{{"Content-Type", "text/plain"}}, Length: 13, Date: date}
	type exchange struct {
		head ResponseHead
		req  Request
	}
	var exchanges []exchange
	add := func(change func(h *ResponseHead, r *Request)) {
		e := exchange{usual, get}
		change(&e.head, &e.req)
		exchanges = append(exchanges, e)
	}
	add(func(*ResponseHead, *Request) {})
	add(func(h *ResponseHead, _ *Request) { h.Status = 404 })
	add(func(h *ResponseHead, _ *Request) { h.Status = 204 })
	add(func(h *ResponseHead, _ *Request) { h.Date = "Thu, 29 Feb 2024 12:00:01 GMT" })
	add(func(h *ResponseHead, _ *Request) { h.Length = 14 })
	add(func(h *ResponseHead, _ *Request) { h.Length = UnknownLength })
	add(func(h *ResponseHead, _ *Request) { h.Close = true })
	add(func(h *ResponseHead, _ *Request) { h.Header = nil })
	add(func(h *ResponseHead, _ *Request) { h.Header = Header{{"Content-Type", "text/html"}} })
	add(func(h *ResponseHead, _ *Request) { h.Header = Header{{"Connection", "close"}} })
	add(func(h *ResponseHead, _ *Request) { h.Header = Header{{"a\n", ""}} })
	add(func(h *ResponseHead, _ *Request) { h.Status, h.Header = 101, Header{{"Upgrade", "x"}} })
	add(func(_ *ResponseHead, r *Request) { r.Method = MethodHead })
	add(func(_ *ResponseHead, r *Request) { r.KeepAlive = false })
	add(func(_ *ResponseHead, r *Request) { r.HTTP10 = true })
	add(func(h *ResponseHead, r *Request) { h.Length, r.HTTP10 = UnknownLength, true })
	for _, first := range exchanges {
		for _, second := range exchanges {
			want, wantFraming, wantErr := second.head.Append(nil, &second.req)
			cache := new(HeadCache)
			first.head.Cache, second.head.Cache = cache, cache
			_, _, _ = first.head.Append(nil, &first.req)
			got, framing, err := second.head.Append(nil, &second.req)
			require.Equal(t, string(want), string(got), "after %+v with %+v", first.head, first.req)
			require.Equal(t, wantFraming, framing)
			require.Equal(t, wantErr, err)
		}
	}
}
