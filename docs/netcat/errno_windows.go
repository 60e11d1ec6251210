package netcat

import "syscall"

// Windows sockets have error numbers of their own: package syscall's E…
// constants are invented there, and no call returns them.
const (
	connectionRefused = syscall.Errno(10061) // WSAECONNREFUSED
	connectionReset   = syscall.WSAECONNRESET
)
