package memnet

import (
	"sync"
	"time"
)

// A deadline is a moment after which Reads, or Writes, fail. It is guarded by
// the lock of the Cond that set is given.
type deadline struct {
	expired bool
	timer   *time.Timer // nil if nothing is to come
}

// set replaces the deadline, and wakes who waits if it is over.
func (d *deadline) set(t time.Time, changed *sync.Cond) {
	d.stop()
	d.expired = false
	if t.IsZero() {
		return
	}
	wait := time.Until(t)
	if wait <= 0 {
		d.expired = true
		changed.Broadcast()
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		changed.L.Lock()
		defer changed.L.Unlock()
		// Stop comes too late for a timer that has just fired and waits for the
		// lock. It must not let the next deadline expire before its time.
		if d.timer != timer {
			return
		}
		d.expired = true
		changed.Broadcast()
	})
	d.timer = timer
}

// stop drops a deadline that is still to come.
func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}
