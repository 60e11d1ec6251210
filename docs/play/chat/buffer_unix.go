//go:build unix

package chat

import "syscall"

// smallReceiveBuffer makes the kernel keep little of what a client has not read. It must be said before the
// connection is opened: the size of the window that TCP begins with is a promise. Where the system refuses, more fits in, and
// it takes longer until somebody lags.
func smallReceiveBuffer(_, _ string, conn syscall.RawConn) error {
	return conn.Control(func(descriptor uintptr) {
		_ = syscall.SetsockoptInt(int(descriptor), syscall.SOL_SOCKET, syscall.SO_RCVBUF, kernelBuffer)
	})
}
