//go:build solution

package head

type Finder struct {
	seen  int // so many bytes have been looked at
	state state
}

type state uint8

const (
	inLine   state = iota // also before the first byte: a head has no empty first line
	lineHead              // a line has just ended
	lineCR                // a line has just ended, and then came a CR
)

func (f *Finder) Find(buffer []byte) (length int, err error) {
	for f.seen < min(len(buffer), Most) {
		b := buffer[f.seen]
		f.seen++
		switch {
		case b == '\n' && f.state != inLine:
			return f.seen, nil
		case b == '\n':
			f.state = lineHead
		case b == '\r' && f.state == lineHead:
			f.state = lineCR
		default:
			f.state = inLine
		}
	}
	if f.seen == Most {
		return 0, ErrTooLong
	}
	return 0, nil
}
