package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// witnesses are a speaker and a listener who stay for a whole round. They are what the other clients must not
// disturb.
type witnesses struct {
	run      *run
	speaker  net.Conn
	listener net.Conn
	mark     string // begins the lines of this speaker
	said     uint64
	silenced bool // its connection has ended
	heard    listening
	drained  chan struct{} // closed when nobody reads from speaker any more
	done     chan error    // gets what ended the reading of the listener
}

// The speaker says a line that often.
const speakEvery = 20 * time.Millisecond

// newWitnesses returns when the listener has heard the speaker, or with an error.
func (r *run) newWitnesses(ctx context.Context) (*witnesses, error) {
	w := &witnesses{run: r, mark: fmt.Sprintf("~soak %d ", r.pairs.Add(1)), drained: make(chan struct{}), done: make(chan error, 1)}
	w.heard = listening{run: r, who: "the listener", mark: w.mark, patience: r.Patience}
	var err error
	if w.speaker, err = r.Dial(ctx); err != nil {
		return nil, err
	}
	if w.listener, err = r.Dial(ctx); err != nil {
		w.speaker.Close()
		return nil, err
	}
	go func() {
		defer close(w.drained)
		io.Copy(io.Discard, w.speaker)
	}()
	go func() { w.done <- w.heard.read(w.listener) }()
	for until := time.Now().Add(r.Patience); w.heard.number.Load() == 0; pause(ctx, speakEvery) {
		w.speak()
		if err := ctx.Err(); err != nil {
			w.leave()
			return nil, err
		}
		if time.Now().After(until) {
			w.leave()
			return nil, fmt.Errorf("after %v, one client does not hear another: is it a chat that passes lines on as \"[who] text\"?", r.Patience)
		}
	}
	return w, nil
}

func (w *witnesses) speak() {
	w.said++
	w.speaker.SetWriteDeadline(time.Now().Add(w.run.Patience))
	if _, err := fmt.Fprintf(w.speaker, "%s%d\n", w.mark, w.said); err != nil && !w.silenced {
		w.run.fault("the speaker can't speak: %v", err)
		w.silenced = true
	}
}

func (w *witnesses) speakUntil(ctx context.Context, end time.Time) {
	for time.Now().Before(end) && ctx.Err() == nil {
		w.speak()
		pause(ctx, speakEvery)
	}
}

// end speaks on until the listener hears something: all that was said before it is heard or missed by then.
func (w *witnesses) end(ctx context.Context) {
	final := w.said
	for until := time.Now().Add(w.run.Patience); w.heard.number.Load() <= final && ctx.Err() == nil; pause(ctx, speakEvery) {
		if time.Now().After(until) {
			w.run.fault("when all had left, the listener did not hear the speaker for %v", w.run.Patience)
			return
		}
		w.speak()
	}
}

// leave takes both out, and adds to the result what the listener has heard.
func (w *witnesses) leave() {
	w.listener.Close()
	w.speaker.Close()
	<-w.drained
	switch err := <-w.done; {
	case err == nil:
		w.run.fault("the server has ended the connection of the listener")
	case !errors.Is(err, net.ErrClosed):
		w.run.fault("the listener hears the speaker no more: %v", err)
	}
	w.run.mu.Lock()
	defer w.run.mu.Unlock()
	w.run.result.Heard += w.heard.heard
	w.run.result.Missed += w.heard.missed
}

// lastPair comes when all others have left.
func (r *run) lastPair(ctx context.Context) {
	w, err := r.newWitnesses(ctx)
	switch {
	case err == nil:
		w.leave()
	case ctx.Err() == nil:
		r.fault("when all had left, two came: %v", err)
	}
}
