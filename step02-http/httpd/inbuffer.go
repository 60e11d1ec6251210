package httpd

// An inBuffer holds what has arrived and is not yet answered: the current request
// from its first byte, and whatever follows. It grows as bytes come, never
// because a client has only announced them.
type inBuffer struct {
	memory []byte
	// bytes is the part of memory in use. What is before it is answered already.
	bytes []byte
	// received counts the bytes that were added, for the Stats.
	received int64
}

// Sizes of the buffer, and the least room that makes a system call worth while.
const (
	firstSize = 4 << 10
	leastRoom = 1 << 10
)

// room returns where to read the next bytes to: at least leastRoom of them. It
// moves the bytes to the beginning of the memory, or to a larger one, so slices of
// them are no longer right. Moving costs little: it is done once a request at most,
// and the size doubles.
func (b *inBuffer) room() []byte {
	if cap(b.bytes)-len(b.bytes) < leastRoom {
		if len(b.bytes)+leastRoom > len(b.memory) {
			b.grow()
		} else {
			b.bytes = b.memory[:copy(b.memory, b.bytes)]
		}
	}
	return b.bytes[len(b.bytes):cap(b.bytes)]
}

func (b *inBuffer) grow() {
	memory := make([]byte, max(firstSize, 2*len(b.memory)))
	b.bytes = memory[:copy(memory, b.bytes)]
	b.memory = memory
}

// add takes n bytes that were read to room into use.
func (b *inBuffer) add(n int) {
	b.bytes = b.bytes[:len(b.bytes)+n]
	b.received += int64(n)
}

// drop removes the first n bytes.
func (b *inBuffer) drop(n int) {
	if b.bytes = b.bytes[n:]; len(b.bytes) == 0 {
		b.clear()
	}
}

// clear empties the buffer. Memory that has become large is left to the collector.
func (b *inBuffer) clear() {
	if len(b.memory) > keepBuffer {
		b.memory = nil
	}
	b.bytes = b.memory[:0]
}
