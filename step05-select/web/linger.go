package web

import (
	"errors"
	"io"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// linger sees to it that a client can read its close frame, which is the last that it was sent. A connection that
// is closed while something of the client is unread, or under way, is reset by the kernel, and the close frame may be
// lost with it. So the server says that it is done, as it must be the first to do, and
// reads on until the client is, too (RFC 6455 section 7.1.1); but not for long.
//
// err is what the engine has returned. Who broke the connection, or does not read, is not waited for. An engine that closes
// connections itself lingers itself: then nothing is left to do here.
func linger(conn net.Conn, err error) {
	if end := (*EndError)(nil); err != nil && !errors.As(err, &end) {
		return
	}
	if tcp.CloseWrite(conn) != nil || conn.SetReadDeadline(time.Now().Add(httpd.LingerTime)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, conn, httpd.LingerBytes) // however it ends, the server closes now
}
