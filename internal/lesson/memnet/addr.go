package memnet

import (
	"net"
	"sync/atomic"
)

// The addresses are from blocks that are kept for documentation (RFC 5737), so
// that nobody dials one of them on the real network and gets an answer.
const (
	firstDynamicPort = 49152 // RFC 6335 section 6
	dynamicPorts     = 65536 - firstDynamicPort
)

var lastServer, lastClient atomic.Uint32

// newServerAddr invents the address of a listener. It comes again after 16,384
// others, far more than one test has.
func newServerAddr() *net.TCPAddr {
	n := lastServer.Add(1)
	return &net.TCPAddr{
		IP:   net.IPv4(192, 0, 2, 1),
		Port: firstDynamicPort + int(n%dynamicPorts),
	}
}

// newClientAddr invents the address that a connection comes from. It comes
// again after four million others.
func newClientAddr() *net.TCPAddr {
	n := lastClient.Add(1)
	return &net.TCPAddr{
		IP:   net.IPv4(198, 51, 100, byte(n/dynamicPorts)),
		Port: firstDynamicPort + int(n%dynamicPorts),
	}
}
