package memnet

import "fmt"

const (
	// defaultBacklog is how many connections wait for Accept: as many as Linux
	// allowed for decades, and more than a test that counts them wants to dial.
	defaultBacklog = 128
	// defaultBuffer is in bytes, for each direction. Kernels allow more, and
	// change it as they go; a test wants to know when Write begins to block.
	defaultBuffer = 64 << 10
)

// An Option changes the connections of a listener, or a single one.
type Option func(*options)

type options struct {
	backlog int // connections
	buffer  int // bytes in each direction
	segment int // bytes that one Read returns at most
}

// Buffer sets how many bytes can be under way in each direction, written by one
// end and not yet read by the other; 64 KiB by default. A Write waits when the
// buffer is full. With 1 a Write hands over byte by byte, and waits for each to
// be read. It panics if n is not positive.
func Buffer(n int) Option {
	mustBePositive("buffer", n)
	return func(o *options) { o.buffer = n }
}

// Segments cuts the stream, in both directions, into segments of at most n
// bytes, of which a Read returns one: with 1, every Read returns a single byte.
// It shows that nothing depends on how bytes are grouped, which TCP does not
// promise (RFC 9293 section 3.8). Writes are not delayed. By default a Read
// returns all that is there, as the kernel does. It panics if n is not positive.
func Segments(n int) Option {
	mustBePositive("segment size", n)
	return func(o *options) { o.segment = n }
}

func mustBePositive(what string, n int) {
	if n < 1 {
		panic(fmt.Sprintf("memnet: a %s of %d is not possible", what, n))
	}
}

// with returns a copy of o that the given options have changed.
func (o options) with(changes []Option) options {
	for _, change := range changes {
		change(&o)
	}
	return o
}

func defaults() options { return options{backlog: defaultBacklog, buffer: defaultBuffer} }
