// Package local keeps the live parts of the book to this machine and to the book's own pages.
//
// The book's server is a program that runs code: a learner's exercises, and the programs in the
// moving pictures. It listens on loopback, but that is not enough: every page that is open in the
// reader's browser can send requests to 127.0.0.1. A foreign page gives itself away in one of three
// fields, which the browser writes and no page can change:
//
//   - Host names the foreign site, if its name was made to lead to 127.0.0.1 (DNS rebinding);
//   - Origin names it, if the request could change something, or its answer could be read;
//   - Sec-Fetch-Site says that the request comes from elsewhere, also where there is no Origin.
//
// What is no browser can write there what it likes. It runs on this machine already, as does
// whoever started it, and needs no help of ours.
//
// Start reading at [Guard].
package local

import "net"

// IsLoopback reports whether only this machine can reach a listener with this address. An
// address that stands for all interfaces is none: others reach it, too.
func IsLoopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
