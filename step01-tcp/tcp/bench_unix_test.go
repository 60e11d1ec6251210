//go:build unix

package tcp_test

import (
	"syscall"
	"time"
)

// cpuTime is how long this process has kept processors busy, kernel included.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
