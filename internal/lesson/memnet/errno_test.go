//go:build !windows

package memnet

import "syscall"

var (
	resetErrors      = []error{syscall.ECONNRESET}
	brokenPipeErrors = []error{syscall.EPIPE}
	refusedErrors    = []error{syscall.ECONNREFUSED}
)
