//go:build !solution

package typing

import (
	"net"

	"example.com/async/internal/lesson"
)

// Serve does what BrokenServe does, and loses nothing. A goroutine, the reader, reads lines (bufio.Scanner) and hands them over
// through a channel. The goroutine that has called Serve is a loop: it waits for the next line and for the next
// message, whichever comes first, and it alone calls say and conn.Write. While it is busy with one thing, the
// other one waits, and so, in the end, does the user: the reader doesn't run ahead by more than its buffer.
//
// What ends the loop:
//
//   - The user has finished: Read returns io.EOF, the Scanner ends without an error. All lines are said, then
//     Serve returns nil.
//   - A Read fails: Serve returns that error.
//   - A Write fails: Serve returns that error.
//   - messages is closed: Serve returns nil, at once. What the user types now nobody gets.
//
// Neither outlives the other: when Serve returns, the reader has ended, wherever it waited. And Serve doesn't close
// conn, the caller may have a last word to write: a read deadline in the past wakes a Read as well.
func Serve(conn net.Conn, messages <-chan string, say func(line string)) error {
	return lesson.ErrNotStarted
}
