package tcp

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// Listen opens a TCP port. The address is "host:port"; an empty host means all
// interfaces, port 0 lets the system choose a free one. An error is one line
// that says what to do about it. The caller closes the listener, or gives it to
// [Server.Serve], which does.
func Listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, addressInUse):
		return nil, fmt.Errorf("%s is in use by another program: stop that program, or choose another port with -addr (127.0.0.1:0 takes a free one)", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("no permission to listen on %s: ports below 1024 are for root; choose another with -addr", address)
	default:
		return nil, fmt.Errorf("cannot listen on %q: %w; an address looks like 127.0.0.1:8080", address, err)
	}
}
