package tcp

import (
	"io"
	"net"
	"time"
)

// How long a server lingers at most, see [Linger].
const (
	LingerTime  = time.Second // for which the rest is read
	LingerBytes = 256 << 10   // that are read at most
)

// Linger sees to it that the peer can read what was written to it last. A server that closes a connection while
// bytes of the client are unread, or under way, makes the kernel send a reset, and the client's kernel then throws
// away what it has received but its program has not yet read. So: say that no more will come
// (half-close), and read the rest, for a short while (RFC 9112 section 9.6 has this for HTTP).
//
// It blocks until the peer has closed, too, has sent [LingerBytes], or has had [LingerTime]. It leaves a read
// deadline behind, and what it reads is gone: nobody else may want to read conn any more. The caller closes conn.
func Linger(conn net.Conn) {
	if CloseWrite(conn) != nil || conn.SetReadDeadline(time.Now().Add(LingerTime)) != nil {
		return // there is no half-close here, or no peer any more
	}
	_, _ = io.CopyN(io.Discard, conn, LingerBytes) // however it ends, conn is closed now
}
