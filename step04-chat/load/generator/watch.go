package generator

import (
	"time"
)

// looks is how often watch looks, within its patience.
const looks = 20

// drainLimit is how long what is in flight may go on arriving when the sending has ended. A flood without a window
// leaves so much in the kernel's buffers that a slow server would need minutes.
const drainLimit = 10 * time.Second

// watch waits for the end of the run. It ends the sending when its time is over, gives up when ctx ends,
// and sees to it that what never arrives keeps nobody waiting: after the load's patience without any
// arrival, what is in flight is written off as lost. If nothing arrives after that either, though it was sent, the server
// is stuck.
func (r *Run) watch() (stuck bool) {
	b := r.books
	patience := r.load.patience()
	var over <-chan time.Time
	if r.load.Duration > 0 {
		timer := time.NewTimer(r.load.Duration)
		defer timer.Stop()
		over = timer.C
	}
	look := time.NewTicker(max(patience/looks, time.Millisecond)) // which must not be 0
	defer look.Stop()
	sent := make(chan struct{}) // closed when all senders have ended
	go func() {
		r.senders.Wait()
		close(sent)
	}()

	arrivalsThen := int64(-1) // when something was written off, though more was being sent
	for {
		select {
		case <-r.ctx.Done():
			return false
		case <-over:
			r.Stop()
			over = nil
		case <-sent:
			r.Stop()
			sent = nil
		case <-look.C:
			select {
			case <-over: // at the same moment: nothing more is sent, whatever is written off now
				r.Stop()
				over = nil
			default:
			}
		}
		b.mu.Lock()
		quiet := b.flying > 0 && time.Since(b.moved) >= patience
		frozen := b.arrivals == arrivalsThen
		switch {
		case b.flying == 0 && sent == nil:
			b.mu.Unlock()
			return frozen
		case b.ended && time.Since(b.end) >= max(drainLimit, 3*patience):
			b.mu.Unlock()
			return false
		case quiet && frozen, quiet && b.ended && b.end.Sub(b.moved) >= patience/2:
			b.writeOff()
			b.mu.Unlock()
			return true
		case quiet:
			if !b.ended {
				arrivalsThen = b.arrivals
			}
			b.moved = time.Now()
			b.writeOff()
		}
		b.mu.Unlock()
	}
}
