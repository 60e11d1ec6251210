package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Bounds for what a server may send.
const (
	// MaxKept is how much of a response's content Next keeps, in bytes.
	MaxKept = 64 << 10

	maxHead    = 64 << 10 // bytes of a head, as of a chunk line or of trailers
	maxInterim = 16       // 1xx responses before the real one
	bufferSize = 2 << 10  // at first: a thousand connections shall take 2 MiB, not 64
)

var (
	// ErrNoAnswer: the server closed the connection before the first byte of an answer.
	ErrNoAnswer = errors.New("the server closed the connection without an answer")
	// ErrCut: the server closed the connection in the middle of an answer.
	ErrCut = errors.New("the server closed the connection in the middle of an answer")
)

// A FormatError says how an answer breaks the rules of HTTP/1.1.
type FormatError struct{ Problem string }

func (e *FormatError) Error() string { return "the answer is no HTTP/1.1: " + e.Problem }

func wrong(format string, args ...any) error { return &FormatError{fmt.Sprintf(format, args...)} }

// A Response is what came back.
type Response struct {
	// Status is the status code, 200 to 999, or 101.
	Status int
	// Length is how many bytes of content there were.
	Length int64
	// Content is the content, or its first MaxKept bytes. It is nil if the caller
	// didn't want it, and valid until the next call of Next.
	Content []byte
	// Close is true if no other response follows on this connection.
	Close bool
}

// A Reader reads the responses of one connection. It belongs to one goroutine at a time.
type Reader struct {
	from    io.Reader
	buffer  []byte
	begin   int // buffer[begin:end] has been received and not yet been taken
	end     int
	content []byte // of the current response, if it is kept
	keep    bool
	length  int64
	last    lastHead
	reads   int
}

// NewReader returns a Reader of what from delivers. It reads ahead: nobody else
// may read there any more.
func NewReader(from io.Reader) *Reader {
	return &Reader{from: from, buffer: make([]byte, bufferSize)}
}

// Reset makes the Reader read a new connection. What is left of the old one is forgotten.
func (r *Reader) Reset(from io.Reader) {
	r.from, r.begin, r.end = from, 0, 0
}

// Next reads the response to a request with that method, all of it, and blocks as
// long as that takes: bound it by the connection's deadline. keep says whether the
// content is wanted.
//
// After an error the connection is of no more use. The error is ErrNoAnswer, ErrCut,
// a *FormatError, or what reading returned.
func (r *Reader) Next(method string, keep bool) (Response, error) {
	r.keep, r.content, r.length = keep, r.content[:0], 0
	for range maxInterim {
		head, err := r.takeHead()
		if err != nil {
			return Response{}, err
		}
		parsed, err := r.parse(head, method)
		if err != nil {
			return Response{}, err
		}
		if parsed.interim() {
			continue
		}
		if err := r.takeContent(parsed); err != nil {
			return Response{}, err
		}
		response := Response{Status: parsed.status, Length: r.length, Close: parsed.close}
		if keep {
			response.Content = r.content
		}
		return response, nil
	}
	return Response{}, wrong("more than %d interim responses", maxInterim)
}

// A lastHead is the last head that was parsed.
type lastHead struct {
	text   []byte
	method string
	parsed head
}

// parse is parseHead, but knows the last head again: for a second, until its Date
// changes, a server sends the same one each time. A generator that takes longer for an answer
// than the server measures itself; see BenchmarkPipelined.
func (r *Reader) parse(text []byte, method string) (head, error) {
	if method == r.last.method && bytes.Equal(text, r.last.text) {
		return r.last.parsed, nil
	}
	parsed, err := parseHead(text, method)
	if err == nil {
		r.last = lastHead{append(r.last.text[:0], text...), method, parsed}
	}
	return parsed, err
}

// Reads returns how often the Reader has read from the connection. If that is the same before
// and after a call of Next, the response had arrived before.
func (r *Reader) Reads() int { return r.reads }

var headEnd = []byte("\r\n\r\n")

// takeHead takes the bytes up to the empty line, without it. They are valid until
// more is read.
func (r *Reader) takeHead() ([]byte, error) {
	for seen := 0; ; {
		got := r.buffer[r.begin:r.end]
		// The empty line may have begun in what was searched before.
		from := max(0, seen-len(headEnd)+1)
		if i := bytes.Index(got[from:], headEnd); i >= 0 {
			r.begin += from + i + len(headEnd)
			return got[:from+i+len("\r\n")], nil
		}
		if seen = len(got); seen >= maxHead {
			return nil, wrong("a head of more than %d bytes", maxHead)
		}
		if err := r.fill(); err != nil {
			if errors.Is(err, ErrCut) && seen == 0 {
				return nil, ErrNoAnswer
			}
			return nil, err
		}
	}
}

// takeContent takes the content that follows a head.
func (r *Reader) takeContent(h head) error {
	switch h.framing {
	case noContent:
		return nil
	case chunked:
		return r.takeChunked()
	case fixed:
		return r.take(h.length)
	default:
		for {
			if err := r.take(int64(r.end - r.begin)); err != nil {
				return err
			}
			if err := r.fill(); errors.Is(err, ErrCut) {
				return nil // this content ends with the connection
			} else if err != nil {
				return err
			}
		}
	}
}

// take takes n bytes of content.
func (r *Reader) take(n int64) error {
	for {
		here := int(min(n, int64(r.end-r.begin)))
		if r.keep {
			r.content = append(r.content, r.buffer[r.begin:][:min(here, MaxKept-len(r.content))]...)
		}
		r.begin += here
		r.length += int64(here)
		if n -= int64(here); n == 0 {
			return nil
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
}

// fill reads more behind what is there. At the end of the stream the error is ErrCut.
func (r *Reader) fill() error {
	switch {
	case r.begin == r.end:
		r.begin, r.end = 0, 0
	case r.end < len(r.buffer):
	case r.begin > 0:
		r.end = copy(r.buffer, r.buffer[r.begin:r.end])
		r.begin = 0
	default:
		r.buffer = append(r.buffer, make([]byte, len(r.buffer))...)
	}
	r.reads++
	n, err := r.from.Read(r.buffer[r.end:])
	r.end += n
	switch {
	case n > 0:
		return nil // an error will come again
	case err == io.EOF:
		return ErrCut
	case err == nil:
		return io.ErrNoProgress
	}
	return err
}
