//go:build !solution

package requestline

import "example.com/async/internal/lesson"

// Parse understands a request line, which comes without its line end:
//
//		method SP target SP version        (RFC 9112 section 3)
//
//	  - There is exactly one space between the parts, and none anywhere else.
//	  - A method is one or more letters, digits or other token characters:
//	    !#$%&'*+-.^_`|~ (RFC 9110 section 5.6.2). This server knows GET, HEAD
//	    and POST; every other method is ErrMethod. Methods are case-sensitive.
//	  - A target begins with a slash, and holds the ASCII characters from ! to ~ only.
//	  - A version is HTTP/, a digit, a dot, a digit. Another major version than 1
//	    is ErrVersion; a minor version above 1 means 1 (RFC 9110 section 2.5).
//
// Everything else is ErrSyntax. If more than one thing is wrong, ErrSyntax goes before
// ErrVersion, and that before ErrMethod.
func Parse(line string) (Line, error) {
	return Line{}, lesson.ErrNotStarted
}
