package http1

import "slices"

// A Field is one line of a response's header.
type Field struct{ Name, Value string }

// A Header is the fields of a response, in the order in which they are sent.
// Names are compared without regard to case (RFC 9110 section 5.1). It is a
// slice and no map: ten fields are found faster by looking at each, and a Header
// that is used again allocates nothing.
type Header []Field

// Get returns the value of the first field of that name, or "".
func (h Header) Get(name string) string {
	if i := h.index(name); i >= 0 {
		return h[i].Value
	}
	return ""
}

// Set replaces all fields of that name by one.
func (h *Header) Set(name, value string) {
	i := h.index(name)
	if i < 0 {
		h.Add(name, value)
		return
	}
	(*h)[i] = Field{name, value}
	rest := slices.DeleteFunc((*h)[i+1:], func(f Field) bool { return equalFold(f.Name, name) })
	*h = (*h)[:i+1+len(rest)]
}

// Add appends a field, beside others of that name: Set-Cookie needs it.
func (h *Header) Add(name, value string) { *h = append(*h, Field{name, value}) }

// Del removes all fields of that name.
func (h *Header) Del(name string) {
	*h = slices.DeleteFunc(*h, func(f Field) bool { return equalFold(f.Name, name) })
}

func (h Header) index(name string) int {
	return slices.IndexFunc(h, func(f Field) bool { return equalFold(f.Name, name) })
}

// hasToken reports whether a field of that name lists token, as in "Connection: close".
func (h Header) hasToken(name, token string) bool {
	for _, field := range h {
		if !equalFold(field.Name, name) {
			continue
		}
		for element := range elements(field.Value) {
			if equalFold(element, token) {
				return true
			}
		}
	}
	return false
}
