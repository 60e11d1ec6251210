//go:build !windows

package tcp

import "syscall"

var transientErrors = []error{
	syscall.EMFILE,       // this process has too many files open
	syscall.ENFILE,       // the whole system has
	syscall.ECONNABORTED, // the client gave up before it was accepted
	syscall.EINTR,        // a signal came in between
	syscall.ENOBUFS,      // no memory for network buffers
	syscall.ENOMEM,       // no memory at all
}

// addressInUse is how listening on a taken port fails.
var addressInUse error = syscall.EADDRINUSE
