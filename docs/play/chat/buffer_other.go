//go:build !unix

package chat

import "syscall"

// smallReceiveBuffer does nothing here: more fits into the kernel, and it takes longer until somebody lags.
func smallReceiveBuffer(_, _ string, _ syscall.RawConn) error { return nil }
