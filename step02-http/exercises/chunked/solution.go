//go:build solution

package chunked

import (
	"bytes"
	"errors"
	"strconv"
)

type Decoder struct {
	wants wants
	line  []byte // what has come of the current line
	left  int    // what is still to come of the current chunk's data
	total int    // the sizes of all chunks so far
}

// wants is which line comes next.
type wants uint8

const (
	sizeLine wants = iota // above a chunk
	dataEnd               // the empty rest of the line behind the data
	lastLine              // the empty line at the end
)

func (d *Decoder) Decode(body, arrived []byte) (longer []byte, used int, done bool, err error) {
	for used < len(arrived) && err == nil && !done {
		if d.left > 0 {
			n := min(d.left, len(arrived)-used)
			body = append(body, arrived[used:used+n]...)
			used += n
			d.left -= n
			continue
		}
		d.line = append(d.line, arrived[used])
		if len(d.line) > MostLine+len("\r\n") {
			err = ErrSyntax
		} else if arrived[used] == '\n' {
			done, err = d.endLine()
		}
		used++
	}
	return body, used, done, err
}

func (d *Decoder) endLine() (done bool, err error) {
	line, crlf := bytes.CutSuffix(d.line, []byte("\r\n"))
	d.line = nil
	switch {
	case !crlf, d.wants != sizeLine && len(line) > 0:
		return false, ErrSyntax
	case d.wants == lastLine:
		return true, nil
	case d.wants == dataEnd:
		d.wants = sizeLine
		return false, nil
	}
	digits, _, _ := bytes.Cut(line, []byte(";"))
	size, err := strconv.ParseUint(string(digits), 16, 64) // no sign, no 0x
	switch {
	case errors.Is(err, strconv.ErrRange), size > uint64(MostData-d.total):
		return false, ErrTooLong
	case err != nil:
		return false, ErrSyntax
	case size == 0:
		d.wants = lastLine
	default:
		d.wants = dataEnd
	}
	d.left = int(size)
	d.total += int(size)
	return false, nil
}
