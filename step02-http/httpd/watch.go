package httpd

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A watch reads from a connection while the connection's goroutine waits for something
// else: for the next piece of a stream. Otherwise nobody would see that the
// client has vanished, or that the server cuts the connection, before
// the stream speaks again; and a stream may be silent for hours.
//
// A FIN is no reason to end: a client may half-close, and wait for the rest.
type watch struct {
	conn  net.Conn
	gone  func()        // is called if nobody waits for the stream any more
	ended chan struct{} // is closed when the goroutine of the watch ends

	mu    sync.Mutex
	over  bool // stop was called
	early []byte
}

// mostEarly is how much a watch reads. A client that sends so much before it has its
// response is left to the kernel's buffers.
const mostEarly = 4 << 10

// startWatch begins to watch. Until stop has returned, nobody else may read from conn or
// set its deadline for reading.
func startWatch(conn net.Conn, gone func()) *watch {
	w := &watch{conn: conn, gone: gone, ended: make(chan struct{})}
	_ = conn.SetReadDeadline(time.Time{}) // an error will come again
	go w.run()
	return w
}

// stop ends the watch, and returns what the client has sent meanwhile.
func (w *watch) stop() (early []byte) {
	w.mu.Lock()
	w.over = true
	_ = w.conn.SetReadDeadline(time.Unix(1, 0)) // the connection may be closed, which is as good
	w.mu.Unlock()
	<-w.ended
	return w.early
}

func (w *watch) run() {
	defer close(w.ended)
	piece := make([]byte, 512)
	for woken := false; len(w.early) < mostEarly; {
		n, err := w.conn.Read(piece)
		w.early = append(w.early, piece[:n]...)
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return
		case !errors.Is(err, os.ErrDeadlineExceeded) || woken:
			w.gone()
			return
		case !w.waitOn():
			return
		default:
			// The server has begun to stop, and wakes who waits for a request. The stream
			// may still end by itself; if it doesn't, the tcp.Server cuts the connection.
			woken = true
		}
	}
}

// waitOn makes Read wait again, unless the watch is over.
func (w *watch) waitOn() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return false
	}
	return w.conn.SetReadDeadline(time.Time{}) == nil
}
