package chattest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// These are what a case, also one of step 5's suite, needs to tell what it has seen.

// Explain says what ended a read of a client.
func Explain(err error) string {
	switch {
	case err == nil:
		return "no error"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "the server was silent"
	case errors.Is(err, io.EOF):
		return "the server closed the connection"
	case errors.Is(err, net.ErrClosed):
		return "the client has closed"
	}
	return err.Error()
}

// Quote shortens a line to what a message can hold.
func Quote(line string) string {
	const most = 200
	if len(line) <= most {
		return fmt.Sprintf("%q", line)
	}
	return fmt.Sprintf("%q… (%d bytes)", line[:most], len(line))
}

// MissedCount returns the number in a notice of missed messages.
func MissedCount(line string) (n int, ok bool) {
	if !strings.HasPrefix(line, "* ") || !strings.Contains(line, "missed") {
		return 0, false
	}
	for word := range strings.FieldsSeq(line) {
		if n, err := strconv.Atoi(word); err == nil {
			return n, true
		}
	}
	return 0, false
}

// LiveMemory is how many bytes of heap are in use after a collection.
func LiveMemory() uint64 {
	runtime.GC()
	runtime.GC() // the first one only moves what is in a sync.Pool
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
