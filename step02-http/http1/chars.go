package http1

import "encoding/binary"

// A charSet says for each byte whether it belongs to the set. One look-up per
// byte is the fastest portable way to ask.
//
// What field names and values may hold is what golang.org/x/net/http/httpguts
// says; a test compares all bytes. httpguts itself takes strings, and imports
// package net, which this package must not.
type charSet [256]bool

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

	unreserved = letters + digits + "-._~" // RFC 3986 section 2.3
	subDelims  = "!$&'()*+,;="             // RFC 3986 section 2.2
)

var (
	// tokenChars: RFC 9110 section 5.6.2.
	tokenChars = charSetOf("!#$%&'*+-.^_`|~" + digits + letters)
	// pathChars and queryChars: RFC 3986 sections 3.3 and 3.4. The % is checked apart.
	pathChars  = charSetOf(unreserved + subDelims + ":@/")
	queryChars = charSetOf(unreserved + subDelims + ":@/?")
	// nameChars are those of a host name, addressChars those of an IPv6 address
	// between its brackets: RFC 3986 section 3.2.2.
	nameChars    = charSetOf(unreserved + subDelims + "%")
	addressChars = charSetOf(digits + "abcdefABCDEF" + ":.")
	digitChars   = charSetOf(digits)
)

func charSetOf(chars string) (set charSet) {
	for i := range len(chars) {
		set[chars[i]] = true
	}
	return set
}

// countIn returns how many bytes at the beginning of value are in set.
func countIn[text []byte | string](value text, set *charSet) int {
	for i := range len(value) {
		if !set[value[i]] {
			return i
		}
	}
	return len(value)
}

// holdsOnly reports whether all bytes of value are in set.
func holdsOnly[text []byte | string](value text, set *charSet) bool {
	return countIn(value, set) == len(value)
}

// validFieldValue reports whether value holds no control character but the tab.
func validFieldValue[text []byte | string](value text) bool {
	for i := range len(value) {
		if b := value[i]; b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}

// Each of these repeats one byte eight times.
const (
	eight01 = 0x0101010101010101
	eight20 = 0x20 * eight01
	eight7f = 0x7f * eight01
	eight80 = 0x80 * eight01
)

// validValueBytes is validFieldValue, eight bytes at a time. Field values are
// most of a request's bytes, so this loop decides the speed of the parser. What is left at the
// end is looked at together with bytes before it, for it is always eight.
func validValueBytes(value []byte) bool {
	if len(value) < 8 {
		return validFieldValue(value)
	}
	for rest := value; len(rest) > 8; rest = rest[8:] {
		if !validEightBytes(rest[:8]) {
			return false
		}
	}
	return validEightBytes(value[len(value)-8:])
}

// validEightBytes is validFieldValue for eight bytes.
//
// x-eight20 borrows into the top bit of each byte that is below 0x20, and the
// top bit of x itself is then taken away; y does the same for bytes equal to 0x7f.
// A borrow can also mark a neighbour wrongly, so marked bytes are looked at again.
func validEightBytes(value []byte) bool {
	x := binary.LittleEndian.Uint64(value)
	y := x ^ eight7f
	suspicious := ((x - eight20) &^ x) | ((y - eight01) &^ y)
	return suspicious&eight80 == 0 || validFieldValue(value)
}

// trim removes spaces and tabs from both ends: the OWS of RFC 9110 section 5.6.3.
func trim[text []byte | string](value text) text {
	for len(value) > 0 && isSpace(value[0]) {
		value = value[1:]
	}
	for len(value) > 0 && isSpace(value[len(value)-1]) {
		value = value[:len(value)-1]
	}
	return value
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' }

// equalFold compares two texts without regard to case, in ASCII only: a Kelvin
// sign (U+212A) is no k in a protocol.
func equalFold[text []byte | string](a text, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(b) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// unhex returns the value of a hex digit, or -1.
func unhex(b byte) int {
	switch {
	case '0' <= b && b <= '9':
		return int(b - '0')
	case 'a' <= b && b <= 'f':
		return int(b-'a') + 10
	case 'A' <= b && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}
