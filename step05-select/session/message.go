package session

import "sync/atomic"

// A Message is an Event that many are told. Each form of it is written down once, by the first who
// needs it, and its bytes are shared. The Event must not be changed any more.
//
// All methods are safe for use by several goroutines.
type Message struct {
	Event
	forms atomic.Pointer[form]
}

// A Format is a way to write an Event down. There are two: the [Text] of terminals, and the page's.
type Format struct {
	// Append appends the event's bytes to dst.
	Append func(dst []byte, e *Event) []byte
}

// Text is the Format of terminals: lines.
var Text = &Format{Append: func(dst []byte, e *Event) []byte { return e.AppendText(dst) }}

// A form is the bytes of a Message in one Format, in a list of all that were needed.
type form struct {
	format *Format
	bytes  []byte
	next   *form
}

// In returns the message's bytes in a format. They are shared: nobody may change them.
func (m *Message) In(format *Format) []byte {
	first := m.forms.Load()
	for f := first; f != nil; f = f.next {
		if f.format == format {
			return f.bytes
		}
	}
	added := &form{format: format, bytes: format.Append(nil, &m.Event), next: first}
	// Two may be the first at the same time. Then one form is not kept, and both are right.
	m.forms.CompareAndSwap(first, added)
	return added.bytes
}
