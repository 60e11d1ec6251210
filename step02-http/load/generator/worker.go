package generator

import (
	"context"
	"net"
	"sync"
	"time"

	"example.com/async/step02-http/load/client"
)

// A worker is one connection after the other, and what is sent there.
type worker struct {
	run    *Run
	reader *client.Reader

	mu   sync.Mutex // for conn, which interrupt uses too
	conn net.Conn   // nil: not connected

	served bool      // conn has answered a request
	until  time.Time // conn's deadline

	batch    []turn    // what takeTurns has taken
	turns    []turn    // those of them that have no answer yet
	sent     time.Time // when the turns' requests were sent first
	arrived  time.Time // when the last answer was read from the connection
	out      []byte
	outcomes []outcome
}

func newWorker(r *Run) *worker { return &worker{run: r, reader: client.NewReader(nil)} }

// work sends requests as long as there are turns.
func (w *worker) work() {
	// Reads and writes know nothing of a context: a deadline in the past wakes them.
	defer context.AfterFunc(w.run.ctx, w.interrupt)()
	defer w.disconnect()
	for w.takeTurns() {
		w.sent = time.Now()
		err := w.exchange()
		if err != nil && w.mayRepeat(err) {
			w.run.recordRepeated(len(w.turns))
			err = w.exchange()
		}
		if w.run.ctx.Err() != nil {
			return
		}
		if err != nil {
			w.fail(err)
		}
		w.run.record(w.outcomes)
		w.outcomes = w.outcomes[:0]
	}
}

// takeTurns takes as many turns as requests are sent at once.
func (w *worker) takeTurns() bool {
	w.batch = w.batch[:0]
	for range w.run.load.Pipeline {
		t, ok := w.run.schedule.take(w.run.ctx)
		if !ok {
			break
		}
		w.batch = append(w.batch, t)
	}
	w.turns = w.batch
	return len(w.turns) > 0
}

// exchange sends the requests of the turns and reads their answers. A turn that is
// answered is taken from the turns; those that are left have failed, for the reason
// that is returned.
func (w *worker) exchange() error {
	if err := w.prepare(); err != nil {
		return err
	}
	w.out = w.out[:0]
	for _, t := range w.turns {
		w.out = append(w.out, w.endpoint(t).Bytes...)
	}
	// A server may answer and close before it has read everything, which makes
	// this fail. The answer counts, if there is one.
	w.conn.Write(w.out)
	for len(w.turns) > 0 {
		closed, err := w.receive()
		if err != nil || closed || w.run.load.OneShot {
			w.disconnect()
		}
		if err != nil {
			return err
		}
		if closed && len(w.turns) > 0 {
			return client.ErrNoAnswer
		}
	}
	return nil
}

// receive reads the answer to the first of the turns, and reports whether it is
// the connection's last one.
func (w *worker) receive() (closed bool, err error) {
	t := w.turns[0]
	endpoint := w.endpoint(t)
	reads := w.reader.Reads()
	response, err := w.reader.Next(endpoint.Method, endpoint.Right != nil)
	if err != nil {
		return false, err
	}
	if w.reader.Reads() > reads {
		w.arrived = time.Now() // else it had come with the answer before it
	}
	o := outcome{endpoint: w.index(t), status: response.Status, bytes: response.Length, service: w.arrived.Sub(w.sent)}
	o.latency = o.service
	if !t.due.IsZero() {
		o.latency = w.arrived.Sub(t.due)
	}
	o.right = response.Status/100 == 2
	if endpoint.Right != nil {
		o.right = endpoint.Right(response)
	}
	w.outcomes = append(w.outcomes, o)
	w.turns = w.turns[1:]
	w.served = true
	return response.Close, nil
}

// fail records why the turns that are left have no answer.
func (w *worker) fail(err error) {
	for _, t := range w.turns {
		w.outcomes = append(w.outcomes, outcome{endpoint: w.index(t), failure: failure(err)})
	}
}

// mayRepeat reports whether the turns that are left may be sent again on a new
// connection. They may if the old one has worked before, so that it is no wonder
// that it was closed at some time, and if nothing happens twice by it
// (RFC 9112 section 9.3.1).
func (w *worker) mayRepeat(err error) bool {
	if !w.served || !closed(err) || w.run.ctx.Err() != nil {
		return false
	}
	for _, t := range w.turns {
		if !w.endpoint(t).Idempotent() {
			return false
		}
	}
	return true
}

func (w *worker) index(t turn) int          { return int(t.number % int64(len(w.run.load.Endpoints))) }
func (w *worker) endpoint(t turn) *Endpoint { return &w.run.load.Endpoints[w.index(t)] }
