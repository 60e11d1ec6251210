//go:build unix

package httpd

import "syscall"

const canReadDescriptor = true

// readDescriptor reads from a descriptor that doesn't block.
func readDescriptor(fd uintptr, p []byte) (int, error) {
	for {
		n, err := syscall.Read(int(fd), p)
		if err != syscall.EINTR { // a signal came in between
			return n, err
		}
	}
}
