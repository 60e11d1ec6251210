package chat

import "sync"

// A ReadBuffer is what a client's bytes are read to. A client that is silent holds a small one, enough for a line; one that
// sends as much as fits gets a large one for its next reads, and loses it with the first that is not worth it.
//
// The zero value is ready. It is not safe for use by several goroutines.
type ReadBuffer struct {
	small [smallRead]byte
	large *[largeRead]byte // nil most of the time
	used  int              // bytes of the last read
	full  bool             // that was all that fitted
}

const (
	smallRead = 128
	largeRead = 8 << 10
)

var largeReads = sync.Pool{New: func() any { return new([largeRead]byte) }}

// Room returns where the next read goes to. What Filled has returned is not valid any more.
func (b *ReadBuffer) Room() []byte {
	switch {
	case b.large == nil && b.full:
		b.large = largeReads.Get().(*[largeRead]byte)
	case b.large != nil && b.used < smallRead:
		b.Free()
	}
	return b.buffer()
}

// Filled takes note that a read has filled n bytes of the Room, and returns them.
func (b *ReadBuffer) Filled(n int) []byte {
	p := b.buffer()
	b.used, b.full = n, n == len(p)
	return p[:n]
}

// Free gives a large buffer back.
func (b *ReadBuffer) Free() {
	if b.large != nil {
		largeReads.Put(b.large)
		b.large, b.full = nil, false
	}
}

func (b *ReadBuffer) buffer() []byte {
	if b.large != nil {
		return b.large[:]
	}
	return b.small[:]
}
