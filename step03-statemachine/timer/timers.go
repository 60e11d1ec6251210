package timer

import (
	"container/heap"
	"sync"
	"time"

	"example.com/async/step03-statemachine/future"
)

// Timers holds the deadlines that a runtime waits for. All methods are safe from several
// goroutines, and none blocks.
type Timers struct {
	now     func() time.Time
	earlier func()
	start   time.Time // deadlines are kept as the time since then: 8 bytes, and one comparison

	mu    sync.Mutex // never held while a waker or earlier is called: they may come back here
	heap  sleepHeap
	order uint64 // registrations so far
}

// New returns Timers without a deadline. now says what time it is, and must not go
// backwards. earlier is called each time that a deadline comes to be the first of all, so
// that a driver can be woken which sleeps for a later one. It is called without a lock, by
// the goroutine that polls or resets the Sleep, after Next has begun to return the new
// deadline.
func New(now func() time.Time, earlier func()) *Timers {
	return &Timers{now: now, earlier: earlier, start: now()}
}

// Sleep returns a Future that is ready when d has passed from now on. With a d of 0 or less it is ready
// at its first Poll.
func (t *Timers) Sleep(d time.Duration) *Sleep {
	return t.SleepUntil(t.now().Add(d))
}

// SleepUntil returns a Future that is ready at the deadline. One that is more than 292 years away
// counts as 292 years.
func (t *Timers) SleepUntil(deadline time.Time) *Sleep {
	return &Sleep{timers: t, deadline: t.since(deadline)}
}

// Next returns the first deadline of all; ok is false if there is none.
func (t *Timers) Next() (deadline time.Time, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.heap) == 0 {
		return time.Time{}, false
	}
	return t.start.Add(t.heap[0].deadline), true
}

// Fire takes all Sleeps that are due out of the heap, appends their wakers to wakers, and returns
// that: in the order of the deadlines, equal ones in the order of registration. The
// caller wakes them: at that point no lock is held, and a waker may do what it likes.
func (t *Timers) Fire(wakers []future.Waker) []future.Waker {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.heap) == 0 {
		return wakers // without asking for the time, which costs more than all the rest
	}
	now := t.elapsed()
	for len(t.heap) > 0 && t.heap[0].deadline <= now {
		s := t.heap[0]
		wakers = append(wakers, s.waker)
		t.remove(s)
		s.state = fired
	}
	return wakers
}

// Len returns how many Sleeps wait.
func (t *Timers) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.heap)
}

// elapsed returns the time since start.
func (t *Timers) elapsed() time.Duration { return t.since(t.now()) }

// since returns moment as time since start. Sub stops at the longest Duration instead of overflowing.
func (t *Timers) since(moment time.Time) time.Duration { return moment.Sub(t.start) }

// add puts s into the heap, and reports whether it is now the first. The lock is held.
func (t *Timers) add(s *Sleep) (first bool) {
	s.state = waiting
	s.order = t.order
	t.order++
	heap.Push(&t.heap, s)
	return s.index == 0
}

// remove takes s out of the heap now: a mark that it is dead would keep the task that it would have
// woken in memory until the deadline. The lock is held.
func (t *Timers) remove(s *Sleep) {
	heap.Remove(&t.heap, s.index)
	s.waker = nil
}

// move gives s another deadline, and reports whether the first deadline of all has moved forward. The lock is held.
func (t *Timers) move(s *Sleep, deadline time.Duration) (forward bool) {
	before := t.heap[0].deadline
	s.deadline, s.order = deadline, t.order
	t.order++
	heap.Fix(&t.heap, s.index)
	return t.heap[0].deadline < before
}

// A sleepHeap is a binary heap with the first deadline on top. Each Sleep knows its index, so that it
// can be removed from the middle.
type sleepHeap []*Sleep

func (h sleepHeap) Len() int { return len(h) }

func (h sleepHeap) Less(i, j int) bool {
	if h[i].deadline != h[j].deadline {
		return h[i].deadline < h[j].deadline
	}
	return h[i].order < h[j].order
}

func (h sleepHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements [heap.Interface].
func (h *sleepHeap) Push(s any) {
	sleep := s.(*Sleep)
	sleep.index = len(*h)
	*h = append(*h, sleep)
}

// Pop implements [heap.Interface].
func (h *sleepHeap) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	(*h)[last] = nil // or the array keeps it in memory
	*h = (*h)[:last]
	return s
}
