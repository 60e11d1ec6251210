package web

import (
	"net"
	"net/netip"
	"strings"

	"example.com/async/step02-http/httpd"
)

// IsLoopback reports whether a listener at that address is reached from this machine only: then [Site.Local] is to be set.
func IsLoopback(listener net.Addr) bool {
	address, ok := listener.(*net.TCPAddr)
	return ok && address.IP.IsLoopback()
}

// local reports whether a request was sent to a name or an address that can't be anything but this machine.
//
// Without that, Origin alone proves little. A page of evil.example can have its name point to 127.0.0.1 once it
// is loaded (DNS rebinding). From then on its requests come here, and both Origin and Host say evil.example. But it
// can't change what stands in Host: the name by which the browser knows it.
func local(r *httpd.Request) bool {
	host := string(r.Host())
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") { // of nobody else, by RFC 6761 section 6.3
		return true
	}
	address, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && address.Unmap().IsLoopback()
}
