package lines

import (
	"unicode"
	"unicode/utf8"
)

// clean returns the text as it may stand on somebody else's terminal:
//
//   - each byte that is not UTF-8 becomes U+FFFD;
//   - so does each character that a terminal obeys instead of showing it: the control characters
//     (C0, DEL, C1), with which all escape sequences begin, and those that change the direction or
//     the end of a line. To drop them would hide that something was there; what follows an ESC stays, and is
//     harmless without it;
//   - a tab becomes a space.
//
// Letters of all scripts, emoji and their joiners stay as they are. The text itself is
// returned if there is nothing to change.
func clean(text []byte) []byte {
	changed, from := unclean(text)
	if !changed {
		return text
	}
	safe := append(make([]byte, 0, len(text)+2*utf8.UTFMax), text[:from]...)
	for rest := text[from:]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		safe = utf8.AppendRune(safe, shown(r))
		rest = rest[size:]
	}
	return safe
}

// unclean reports whether something must be changed, and where the first such place is.
func unclean(text []byte) (changed bool, at int) {
	for i := 0; i < len(text); {
		if b := text[i]; ' ' <= b && b <= '~' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if shown(r) != r || r == utf8.RuneError && size == 1 {
			return true, i
		}
		i += size
	}
	return false, 0
}

// shown returns what is shown in place of r.
func shown(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
		return utf8.RuneError // U+FFFD
	}
	return r
}
