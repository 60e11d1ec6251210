package memnet

import "syscall"

// Windows sockets have error numbers of their own, and none for a broken pipe.
// memnet gives the E… constants of package syscall everywhere.
var (
	resetErrors = []error{syscall.ECONNRESET, syscall.WSAECONNRESET}

	brokenPipeErrors = []error{
		syscall.EPIPE,
		syscall.Errno(10058), // WSAESHUTDOWN: after this end's CloseWrite
		syscall.WSAECONNABORTED,
	}
	refusedErrors = []error{
		syscall.ECONNREFUSED,
		syscall.Errno(10061), // WSAECONNREFUSED
	}
)
