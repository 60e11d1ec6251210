package broadcast

import (
	"errors"
	"fmt"
)

var (
	// ErrClosed is what a Recv returns when the channel has ended and this receiver has seen all,
	// and what a Send returns through a Sender that was closed. It stays so for ever.
	ErrClosed = errors.New("broadcast: the channel is closed")
	// ErrEmpty is what TryRecv returns when a Recv would have to wait.
	ErrEmpty = errors.New("broadcast: nothing to receive yet")
	// ErrNoReceivers is what Send returns when nobody would get the value. A later
	// Subscribe makes sending possible again.
	ErrNoReceivers = errors.New("broadcast: there is no receiver")
)

// A LaggedError says that a receiver was too slow: values were overwritten before it saw them. It
// is not the end: the next Recv returns the oldest value that is still there. Find it with
// [errors.As].
//
// It mirrors RecvError::Lagged of tokio::sync::broadcast.
type LaggedError struct {
	Missed uint64 // how many values this receiver will never see: at least 1, and exact
}

// Error says how many were missed.
func (e *LaggedError) Error() string {
	return fmt.Sprintf("broadcast: the receiver was too slow and missed %d", e.Missed)
}
