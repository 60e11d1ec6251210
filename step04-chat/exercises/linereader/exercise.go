//go:build !solution

package linereader

import "example.com/async/internal/lesson"

// A Decoder cuts the bytes of one client into lines. The zero value is ready.
type Decoder struct {
}

// Decode is called each time more has arrived, with the new bytes only, and returns the lines that end in
// them. It must not keep arrived: the next Read puts other bytes there.
//
//   - A line ends with LF or CR LF. A CR elsewhere is a character of the line.
//   - A line of more than MostLine bytes is a Line{TooLong: true}, as soon as that is known: its end
//     may never come. What follows is passed over up to the next LF. So a Decoder never
//     holds much more than MostLine bytes.
//   - In the text, each byte that is not part of valid UTF-8 is replaced by U+FFFD, and so is each
//     control character (unicode.IsControl): a terminal would obey it.
func (d *Decoder) Decode(arrived []byte) []Line {
	panic(lesson.ErrNotStarted)
}

// End is called when no more will come. If the client has begun a line and not ended it, End returns it,
// provided that it is valid UTF-8: a letter that was cut in two says that the line was cut, too.
func (d *Decoder) End() (line Line, ok bool) {
	return Line{}, false
}
