package generator

import (
	"context"
	"net"
	"time"
)

// failurePause is how long a worker waits after it could not connect, before its
// next request: a server that is not there shall not be asked a million times.
const failurePause = 10 * time.Millisecond

// prepare sees to it that there is a connection, and that it can't take longer than the
// time-out.
func (w *worker) prepare() error {
	if w.conn == nil {
		if err := w.connect(); err != nil {
			sleepUntil(w.run.ctx, time.Now().Add(failurePause))
			return err
		}
	}
	// A new deadline for each request would cost more than the server's whole work. So it is
	// set a quarter later than it need be, and again only when it is too near.
	now, timeout := time.Now(), w.run.load.Timeout
	if w.until.Sub(now) < timeout {
		w.until = now.Add(timeout + timeout/4)
		if err := w.conn.SetDeadline(w.until); err != nil {
			return err
		}
	}
	// If ctx has ended before the deadline was set, interrupt's is lost.
	return w.run.ctx.Err()
}

func (w *worker) connect() error {
	select {
	case w.run.dialing <- struct{}{}:
		defer func() { <-w.run.dialing }()
	case <-w.run.ctx.Done():
		return w.run.ctx.Err()
	}
	ctx, cancel := context.WithTimeout(w.run.ctx, w.run.load.Timeout)
	defer cancel()
	conn, err := w.run.load.Dial(ctx)
	if err != nil {
		return err
	}
	w.setConn(conn)
	w.reader.Reset(conn)
	w.served, w.until = false, time.Time{}
	w.run.recordConn()
	return nil
}

func (w *worker) disconnect() {
	if w.conn != nil {
		w.conn.Close()
		w.setConn(nil)
	}
}

func (w *worker) setConn(conn net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = conn
}

// interrupt wakes the worker when the run ends.
func (w *worker) interrupt() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.conn.SetDeadline(time.Unix(1, 0))
	}
}
