//go:build unix

package doctor

import "syscall"

// openFileLimit returns how many files and connections this process may have open.
func openFileLimit() (limit uint64, limited bool) {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0, false
	}
	return uint64(r.Cur), true
}
