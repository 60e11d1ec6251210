package pollloop

import (
	"errors"
	"os"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

// A lingering is the Future of a client that is given time to read its end. When the client has left, it says that no more will come,
// and reads the rest, for a short while. Who closes a connection while something of the client is unread, or under way, makes the
// kernel send a reset, and that can destroy what the client has not read yet: the goodbye, or its close frame, which is the last
// (RFC 6455 section 7.1.1).
type lingering struct {
	conn *conn

	left  error        // what the conn's Future was ready with
	until *timer.Sleep // nil until then
	rest  int          // how many bytes have come since
}

var (
	_ future.Future[error] = (*lingering)(nil)
	_ future.Canceler      = (*lingering)(nil)
)

// Poll is ready when the client has closed, too, or has had its time for that.
func (l *lingering) Poll(cx *future.Context) (err error, ready bool) {
	if l.until == nil {
		err, ready := l.conn.Poll(cx)
		// Who does not read, or is not there, does not read the end either.
		if !ready || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, errSilent) || l.conn.net.CloseWrite() != nil {
			return err, ready
		}
		l.left, l.until = err, l.conn.rt.Sleep(tcp.LingerTime)
	}
	for l.rest < tcp.LingerBytes && !l.conn.over(cx, l.until) {
		buffer := readBuffers.Get().(*[readSize]byte)
		n, ready, err := l.conn.net.PollRead(cx, buffer[:])
		readBuffers.Put(buffer)
		switch {
		case !ready:
			return nil, false
		case err != nil:
			l.rest = tcp.LingerBytes // nothing more can come
		default:
			l.rest += n
		}
	}
	l.until.Cancel()
	return l.left, true
}

// Cancel gives everything back.
func (l *lingering) Cancel() {
	if l.until != nil {
		l.until.Cancel()
		return
	}
	l.conn.Cancel()
}
