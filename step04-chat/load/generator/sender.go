package generator

import (
	"bytes"
	"time"
)

// mostAtOnce is how many messages a sender sends with one write.
const mostAtOnce = 64

// send sends one client's share of the load, until the end of the run.
func (r *Run) send(sender int) {
	conn := r.clients[sender].conn
	var lines []byte
	for {
		first, count := r.takeOff(sender)
		if count == 0 {
			return
		}
		lines = lines[:0]
		for n := range count {
			lines = r.wire.append(lines, sender, first+uint64(n))
		}
		rest := lines
		if r.load.Typing > 0 {
			half := len(lines) / 2
			if _, err := conn.Write(lines[:half]); err != nil {
				r.takeBack(sender, first)
				return
			}
			r.pause(r.load.Typing)
			rest = lines[half:] // in any case: half a line would be taken for a fault of the server
			r.retime(sender, first)
		}
		// The client's own reader notices too that the connection has ended, and says why.
		if n, err := conn.Write(rest); err != nil {
			r.takeBack(sender, first+uint64(bytes.Count(rest[:n], lineEnd)))
			return
		}
	}
}

var lineEnd = []byte{'\n'}

// takeBack notes that a sender could not send its messages from number from on, and sends no more.
func (r *Run) takeBack(sender int, from uint64) {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	b.takeBack(sender, from)
}

// takeOff waits until a sender may send, and notes that it does: count messages, from number first on. count is 0 at
// the end of the run.
func (r *Run) takeOff(sender int) (first uint64, count int) {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	first = b.senders[sender].next
	waited := false
	for !b.ended {
		due := r.due(sender, first)
		if r.load.Duration > 0 && due >= r.load.Duration {
			return 0, 0
		}
		wait := due - time.Since(b.begin)
		if wait <= 0 {
			break
		}
		b.mu.Unlock()
		r.pause(wait)
		b.mu.Lock()
		waited = true
	}
	// Only who will send at once may wait for a place: for each that becomes free, one is woken.
	for b.window > 0 && b.flying >= b.window && !b.ended && !r.enough() {
		b.waiting++
		b.landed.Wait()
		b.waiting--
	}
	if b.ended || r.enough() {
		return 0, 0
	}
	now := time.Since(b.begin)
	for most := r.most(); count < most; count++ {
		at := now
		if r.load.Rate > 0 {
			due := r.due(sender, first+uint64(count))
			if due > now || r.load.Duration > 0 && due >= r.load.Duration {
				break
			}
			// A timer is late by up to a millisecond, which is no fault of the server.
			if count > 0 || !waited {
				at = due
			}
		}
		b.send(sender, at)
	}
	r.taken += count
	if r.enough() {
		b.landed.Broadcast() // nobody needs a place any more
	}
	return first, count
}

// enough reports whether the Count of the load has been taken. mu is held.
func (r *Run) enough() bool { return r.load.Count > 0 && r.taken >= r.load.Count }

// most is how many messages a sender may send now. mu is held.
func (r *Run) most() int {
	most := mostAtOnce
	if r.load.Typing > 0 {
		most = 1
	}
	if window := r.books.window; window > 0 {
		// No more than its share: else one sender takes all that has landed, and the others wait.
		most = min(most, window-r.books.flying, max(1, window/r.load.Senders))
	}
	if r.load.Count > 0 {
		most = min(most, r.load.Count-r.taken)
	}
	return most
}

// due is when a message should be sent, since the beginning: the senders take turns.
func (r *Run) due(sender int, number uint64) time.Duration {
	if r.load.Rate == 0 {
		return 0
	}
	return time.Duration((float64(sender) + float64(number)*float64(r.load.Senders)) / r.load.Rate * float64(time.Second))
}

// retime lets a message's time count from now.
func (r *Run) retime(sender int, number uint64) {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	b.senders[sender].at(number).at = time.Since(b.begin)
}

// pause waits, but not beyond the end of the run.
func (r *Run) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.stopped:
	}
}
