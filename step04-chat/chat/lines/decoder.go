package lines

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// DefaultMax is how long a line may be if nobody says otherwise, in bytes.
const DefaultMax = 4 << 10

var (
	// ErrMore says that the bytes are used up, and that the line they end with goes on.
	ErrMore = errors.New("lines: the line has not ended yet")
	// ErrTooLong says that a line is longer than Max. It comes once for each such line, as soon as
	// that is known; the rest of the line is passed over.
	ErrTooLong = errors.New("lines: the line is too long")
)

// A Decoder cuts the bytes of one client into lines. The zero value is ready. It holds at most
// Max+1 bytes, and none between two lines.
//
// It is not safe for use by several goroutines.
type Decoder struct {
	// Max is how many bytes a line may have, as they were sent, without its end. 0 means DefaultMax.
	Max int

	part     []byte // of a line that has begun, and may end in a later p
	skipping bool   // the line was too long: nothing of it is kept until it ends
}

// Next takes the first line out of what was kept and p, and returns what of p comes after it: call
// it with that next. A line ends with LF or CR LF, which are not part of it.
//
// The error is nil, [ErrTooLong], or [ErrMore]: then p is used up, and Next wants the bytes that follow. A
// line is cleaned (see doc.go), and right until the next call, or until p changes.
func (d *Decoder) Next(p []byte) (line, rest []byte, err error) {
	for {
		piece, rest, complete := bytes.Cut(p, lineFeed)
		switch {
		case d.skipping && !complete:
			return nil, nil, ErrMore
		case d.skipping:
			d.skipping = false
			p = rest
		case d.tooLong(piece):
			d.part = nil
			d.skipping = !complete
			return nil, rest, ErrTooLong
		case !complete:
			// Bytes, not runes: a rune that is cut in two is whole again when the rest comes.
			d.part = append(d.part, piece...)
			return nil, nil, ErrMore
		case len(d.part) == 0:
			return clean(bytes.TrimSuffix(piece, carriageReturn)), rest, nil
		default:
			return d.take(piece), rest, nil
		}
	}
}

// End returns the line that the stream ended in the middle of. It is one only if it is complete
// UTF-8: a rune that was cut in two says that the line was cut, too, and not finished by somebody who didn't press
// Enter. Otherwise ok is false. The Decoder is empty afterwards.
func (d *Decoder) End() (line []byte, ok bool) {
	defer func() { *d = Decoder{Max: d.Max} }()
	if len(d.part) == 0 || !utf8.Valid(d.part) {
		return nil, false
	}
	return d.take(nil), true
}

var (
	lineFeed       = []byte{'\n'}
	carriageReturn = []byte{'\r'}
)

// tooLong reports whether the line is too long with this piece. One byte more than Max is not, as
// long as it can be the CR of a CR LF.
func (d *Decoder) tooLong(piece []byte) bool {
	most := d.Max
	if most == 0 {
		most = DefaultMax
	}
	size := len(d.part) + len(piece)
	if size != most+1 {
		return size > most
	}
	last := piece
	if len(last) == 0 {
		last = d.part
	}
	return last[len(last)-1] != '\r'
}

// take returns the line that was kept in part and ends with this piece.
func (d *Decoder) take(piece []byte) []byte {
	line := clean(bytes.TrimSuffix(append(d.part, piece...), carriageReturn))
	// Not to be used again: most lines come whole and need no memory here, and a client that is
	// silent from now on costs none.
	d.part = nil
	return line
}
