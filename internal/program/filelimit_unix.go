//go:build unix

package program

import (
	"math"
	"syscall"
)

// FileLimit returns how many files this process may have open; [math.MaxInt] if that is not
// limited, or not known. Package syscall has raised it as far as it may be raised without
// privileges, from the soft limit that ulimit -n shows to the hard one
// (syscall/rlimit.go): in the other Go programs of this machine too.
func FileLimit() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxInt // then the connections will tell
	}
	if uint64(limit.Cur) > math.MaxInt {
		return math.MaxInt // "unlimited" is the largest number there is
	}
	return int(limit.Cur)
}
