package client

import (
	"bytes"
	"math"
	"strconv"
)

// takeChunked takes chunked content: lines with a size in hex, each followed by so many
// bytes and CRLF; after a size of 0 trailers and an empty line (RFC 9112 section 7.1).
func (r *Reader) takeChunked() error {
	for {
		line, err := r.takeLine()
		if err != nil {
			return err
		}
		size, _, _ := bytes.Cut(line, []byte(";")) // extensions mean nothing here
		n, err := strconv.ParseUint(string(bytes.TrimRight(size, " \t")), 16, 63)
		if err != nil || int64(n) > math.MaxInt64-r.length {
			return wrong("a chunk's size is %.40q", size)
		}
		if n == 0 {
			return r.skipTrailers()
		}
		if err := r.take(int64(n)); err != nil {
			return err
		}
		if line, err := r.takeLine(); err != nil {
			return err
		} else if len(line) > 0 {
			return wrong("a chunk is longer than its size")
		}
	}
}

func (r *Reader) skipTrailers() error {
	for skipped := 0; skipped < maxHead; {
		line, err := r.takeLine()
		if err != nil || len(line) == 0 {
			return err
		}
		skipped += len(line)
	}
	return wrong("more than %d bytes of trailers", maxHead)
}

// takeLine takes a line without its CRLF. It is valid until more is read.
func (r *Reader) takeLine() ([]byte, error) {
	for seen := 0; ; {
		got := r.buffer[r.begin:r.end]
		from := max(0, seen-1) // the CR may have come before the LF
		if i := bytes.Index(got[from:], crlf); i >= 0 {
			r.begin += from + i + len(crlf)
			return got[:from+i], nil
		}
		if seen = len(got); seen >= maxHead {
			return nil, wrong("a line of more than %d bytes", maxHead)
		}
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}
