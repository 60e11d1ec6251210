// Package head is exercise 2.2: find the end of the head, however the network has cut it.
//
// Edit exercise.go. It is done when
//
//	go test -run=Exercise ./step02-http/exercises/head
//
// passes. The head is the request line and the header lines, up to the empty line; a client
// that sends it one byte at a time must not make the server look at each byte again and
// again. (15 minutes)
package head

import "errors"

// ErrTooLong says that a head is longer than allowed: a server answers with 431.
var ErrTooLong = errors.New("431: the head is too long")

// Most is how long a head may be, in bytes, the empty line included.
const Most = 8 << 10
