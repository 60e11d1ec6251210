package selectloop

import (
	"fmt"
	"runtime/debug"
)

// A panicError is a panic of one of the client's goroutines that is not the one on which the server called. There it would end
// the whole process, and not only this client. serve panics with it, where the server expects that.
type panicError struct {
	cause any
	stack []byte // of where it was
}

func (e *panicError) Error() string { return fmt.Sprintf("%v\n%s", e.cause, e.stack) }

// keepPanic is deferred.
func (c *conn) keepPanic() { c.keep(recover()) }

// endLoop is deferred by the loop's goroutine.
func (c *conn) endLoop() {
	c.keep(recover())
	c.stopReader()
}

// keep keeps what recover has returned, which works only where a deferred function calls it itself.
func (c *conn) keep(cause any) {
	if cause != nil {
		c.err = &panicError{cause, debug.Stack()}
	}
}
