//go:build !unix

package httpd

import "errors"

// Elsewhere a descriptor can't be asked without waiting: Windows finishes reads that
// were begun, with the buffer that they were given.
const canReadDescriptor = false

func readDescriptor(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }
