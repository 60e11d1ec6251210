//go:build solution

package linereader

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

type Decoder struct {
	part     []byte // of a line that has begun
	skipping bool   // the line was too long: nothing is kept until it ends
}

func (d *Decoder) Decode(arrived []byte) (lines []Line) {
	for {
		piece, rest, ended := bytes.Cut(arrived, []byte{'\n'})
		if !d.skipping {
			// One byte more than MostLine may be the CR of a CR LF.
			d.part = append(d.part, piece[:min(len(piece), MostLine+2)]...)
			text := bytes.TrimSuffix(d.part, []byte{'\r'})
			switch {
			case len(text) > MostLine:
				lines = append(lines, Line{TooLong: true})
				d.skipping = true
				d.part = nil
			case ended:
				lines = append(lines, Line{Text: clean(text)})
				d.part = nil
			}
		}
		if !ended {
			return lines
		}
		d.skipping = false
		arrived = rest
	}
}

func (d *Decoder) End() (line Line, ok bool) {
	if len(d.part) == 0 || !utf8.Valid(d.part) {
		return Line{}, false
	}
	return Line{Text: clean(bytes.TrimSuffix(d.part, []byte{'\r'}))}, true
}

// clean looks at whole lines only, so no rune is cut here.
func clean(text []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError // U+FFFD, which is also what a wrong byte comes as
		}
		return r
	}, string(text))
}
