package chat

import (
	"io"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
)

const (
	lingerTime  = time.Second // for which the rest is read
	lingerBytes = 256 << 10   // that are read at most
)

// Linger sees to it that a client who was still talking when its server ended, or took its leave, can read what was written to it. A
// connection that is closed while something of the client is unread, or under way, is reset by the kernel, and what the client has not
// read yet may be lost with it. So the server says that it is done, and reads on until the client is, too; but not for long. The caller closes conn.
func Linger(conn net.Conn) {
	if tcp.CloseWrite(conn) != nil || conn.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return // there is no half-close here, or no client any more
	}
	_, _ = io.CopyN(io.Discard, conn, lingerBytes) // however it ends, the server closes now
}
