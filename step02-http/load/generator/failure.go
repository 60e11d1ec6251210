package generator

import (
	"errors"
	"net"
	"os"

	"example.com/async/step02-http/load/client"
)

// Failures that have a name of their own.
const (
	failedTimeout = "no answer in time"
	failedOther   = "other"
	// maxFailures bounds the number of names: a server must not choose how much
	// memory they take.
	maxFailures = 32
)

// failure names what happened, in a few words that are the same each time: they are counted.
func failure(err error) string {
	var format *client.FormatError
	var op *net.OpError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return failedTimeout
	case errors.Is(err, client.ErrNoAnswer), errors.Is(err, client.ErrCut):
		return err.Error()
	case errors.As(err, &format):
		return "the answer is no HTTP/1.1"
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return failedTimeout
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection: " + innermost(op.Err).Error()
	}
	return innermost(err).Error()
}

// innermost returns the cause, which names no address: "connection reset by peer".
func innermost(err error) error {
	for {
		cause := errors.Unwrap(err)
		if cause == nil {
			return err
		}
		err = cause
	}
}

func countFailure(failures map[string]int64, name string) {
	if _, known := failures[name]; !known && len(failures) >= maxFailures {
		name = failedOther
	}
	failures[name]++
}

// closed reports whether an error says that the server has closed the connection,
// and not in the middle of an answer.
func closed(err error) bool {
	var op *net.OpError
	return errors.Is(err, client.ErrNoAnswer) || errors.As(err, &op) && op.Op == "read" && !op.Timeout()
}
