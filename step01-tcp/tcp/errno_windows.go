package tcp

import "syscall"

// Windows sockets have error numbers of their own. The E… constants of package
// syscall are invented there, but Go's in-memory test listeners use them.
var transientErrors = []error{
	syscall.EMFILE, syscall.Errno(10024), // WSAEMFILE
	syscall.ENFILE,
	syscall.ECONNABORTED, syscall.WSAECONNABORTED,
	syscall.WSAECONNRESET,               // what Windows says when the client gave up
	syscall.EINTR, syscall.Errno(10004), // WSAEINTR
	syscall.ENOBUFS, syscall.Errno(10055), // WSAENOBUFS
	syscall.ENOMEM,
}

// addressInUse is how listening on a taken port fails.
var addressInUse error = syscall.Errno(10048) // WSAEADDRINUSE
