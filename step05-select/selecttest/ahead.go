package selecttest

import (
	"io"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
)

// readAhead reads all that comes at once, and keeps it until the case reads it, as a browser does. Over a [Wire] a client may be
// told more than its lines, what it has said itself before all: if nobody read that, the server would wait for room, and
// hear it no more. Clients that shall be slow are without.
func readAhead(conn lesson.Conn) lesson.Conn {
	const room = 64 << 20 // more than a case says; it takes memory only as it is filled
	near, far := memnet.Pipe(memnet.Buffer(room))
	c := &aheadConn{Conn: conn, ahead: near, ended: io.EOF}
	go func() {
		if _, err := io.Copy(far, conn); err != nil {
			c.ended = err
		}
		_ = far.CloseWrite() // can't fail: nobody closes these two
	}()
	return c
}

type aheadConn struct {
	lesson.Conn
	ahead *memnet.Conn // what has come
	ended error        // why nothing more comes, when that is so
}

func (c *aheadConn) Read(p []byte) (int, error) {
	n, err := c.ahead.Read(p)
	if err == io.EOF {
		err = c.ended
	}
	return n, err
}

func (c *aheadConn) SetReadDeadline(t time.Time) error { return c.ahead.SetReadDeadline(t) }
