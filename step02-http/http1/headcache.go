package http1

import "slices"

// A HeadCache remembers the head of the last response as it was written. The next one has the same
// status, date and fields, mostly, and often the same length, too. Then it needn't be checked and put
// together again, which would be a fifth of what a pipelined request costs this server:
// compare BenchmarkResponseHead with and without. The zero value is ready.
type HeadCache struct {
	status  int
	date    string
	fields  Header
	travels travels
	framing Framing

	text      []byte // the head
	fieldsEnd int    // where in text the fields end of which the handler decides
}

// travels is what decides how a message travels, beside status and fields.
type travels struct {
	length                           int64
	close, keepAlive, http10, isHead bool
}

func (h *ResponseHead) travels(req *Request) travels {
	return travels{h.Length, h.Close, req.KeepAlive, req.HTTP10, req.Method == MethodHead}
}

// maxCached is how long the text may be, so that one large header isn't held for good.
const maxCached = 1 << 10

// recall returns as much of the head as is known, from its beginning: all, all but how the message travels,
// or nothing.
func (c *HeadCache) recall(h *ResponseHead, req *Request) (text []byte, complete bool) {
	switch {
	case c == nil || c.status != h.Status || c.date != h.Date || !slices.Equal(c.fields, h.Header):
		return nil, false
	case c.travels != h.travels(req):
		return c.text[:c.fieldsEnd], false
	}
	return c.text, true
}

// keep remembers a head.
func (c *HeadCache) keep(h *ResponseHead, req *Request, text []byte, fieldsEnd int, framing Framing) {
	if c == nil || len(text) > maxCached {
		return
	}
	clear(c.fields) // or strings of a longer header would be kept alive
	c.status, c.date = h.Status, h.Date
	c.fields = append(c.fields[:0], h.Header...)
	c.travels, c.framing = h.travels(req), framing
	c.text, c.fieldsEnd = append(c.text[:0], text...), fieldsEnd
}
