package ring_test

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
	"example.com/async/step04-chat/broadcast/broadcasttest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[broadcasttest.Subject]{
		{
			Name: "waits in TryRecv", Case: "ring-empty",
			Message: "it hangs",
			Subject: wrong(fault{waits: true}),
		},
		{
			Name: "has one position for all receivers", Case: "ring-everybody",
			Message: "receiver 1 of 3",
			Subject: wrong(fault{onePosition: true}),
		},
		{
			Name: "shows a new receiver what is in the ring", Case: "ring-newcomer",
			Message: "those were not for it",
			Subject: wrong(fault{replays: true}),
		},
		{
			Name: "counts who has received, not who listens", Case: "ring-counts",
			Message: "receivers that don't keep up",
			Subject: wrong(fault{countsNobody: true}),
		},
		{
			Name: "leaves a slot free, as a ring with two indexes does", Case: "ring-exactly-full",
			Message: "as many values as the ring holds: none is lost",
			Subject: wrong(fault{freeSlot: true}),
		},
		{
			Name: "takes the capacity as it comes", Case: "ring-rounded-up",
			Message: "holds",
			Subject: wrong(fault{unrounded: true}),
		},
		{
			Name: "doubles a capacity that is a power of two already", Case: "ring-rounded-up",
			Message: "and one more was sent",
			Subject: wrong(fault{doubles: true}),
		},
		{
			Name: "drops what a full ring can't take", Case: "lag-told",
			Message: "how many has it missed?",
			Subject: wrong(fault{dropsNewest: true}),
		},
		{
			Name: "waits for the slowest receiver", Case: "ring-never-blocks",
			Message: "it hangs",
			Subject: wrong(fault{blocks: true}),
		},
		{
			Name: "says nothing of a gap", Case: "lag-told",
			Message: "how many has it missed?",
			Subject: wrong(fault{silent: true}),
		},
		{
			Name: "counts one too many in a gap", Case: "lag-told",
			Message: "how many has it missed?",
			Subject: wrong(fault{plusOne: true}),
		},
		{
			Name: "jumps to the end after a gap", Case: "lag-goes-on",
			Message: "now it must get what is still there",
			Subject: wrong(fault{toEnd: true}),
		},
		{
			Name: "returns the oldest value together with the error", Case: "lag-told",
			Message: "how many has it missed?",
			Subject: wrong(fault{valueToo: true}),
		},
		{
			Name: "counts each gap from the beginning", Case: "lag-each-gap",
			Message: "the receiver was told of a gap, and then there is another",
			Subject: wrong(fault{inAll: true}),
		},
		{
			Name: "tells everybody that somebody lags", Case: "lag-per-receiver",
			Message: "while another receiver does not read at all",
			Subject: wrong(fault{tellsAll: true}),
		},
		{
			Name: "keeps all values, and only speaks of a ring", Case: "value-overwritten",
			Message: "how many are still kept?",
			Subject: wrong(fault{keepsAll: true}),
		},
		{
			Name: "has no lock", Case: "ring-together",
			Message: "two goroutines use the same memory at the same time, and one of them writes",
			Racy:    true,
			Subject: answer(func(capacity int) sendRing { return &bare{slots: make([]any, 1<<bits.Len(uint(capacity-1)))} }),
		},
		{
			Name: "gives up the lock between the count of a gap and the jump over it", Case: "ring-together",
			Message: "what it was told to have missed added",
			Subject: wrong(fault{jumpsLater: true}),
		},
	}, lesson.JudgeInBubble[broadcasttest.Subject])
}

// A fault is what a wrong answer does.
type fault struct {
	waits, onePosition, replays, countsNobody, freeSlot, unrounded, doubles, dropsNewest, blocks bool
	silent, plusOne, toEnd, valueToo, inAll, tellsAll, keepsAll, jumpsLater                      bool
}

func wrong(f fault) broadcasttest.Subject {
	return answer(func(capacity int) sendRing {
		size := 1
		for size < capacity || f.doubles && size == capacity {
			size *= 2
		}
		if f.unrounded {
			size = capacity
		}
		if f.freeSlot {
			size--
		}
		l := &list{fault: f, size: size}
		l.changed.L = &l.mu
		return l
	})
}

// A list is right but for its fault. It forgets values at its front, instead of going round.
type list struct {
	fault
	size int

	mu        sync.Mutex
	changed   sync.Cond
	values    []any
	forgotten int // how many: the number of the first one in values
	receivers []*listReceiver
}

type listReceiver struct {
	*list
	next, missed int
}

func (l *list) oldest() int { return max(l.forgotten, l.forgotten+len(l.values)-l.size) }

func (l *list) slowest() *listReceiver {
	return slices.MinFunc(l.receivers, func(a, b *listReceiver) int { return a.next - b.next })
}

func (l *list) Send(v any) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := func() bool { return l.forgotten+len(l.values)-l.slowest().next >= l.size }
	for l.blocks && full() {
		l.changed.Wait()
	}
	if l.dropsNewest && full() {
		return len(l.receivers)
	}
	l.values = append(l.values, v)
	if len(l.values) > l.size && !l.keepsAll {
		l.values = append([]any(nil), l.values[1:]...)
		l.forgotten++
	}
	l.changed.Broadcast()
	if l.countsNobody {
		return 0
	}
	return len(l.receivers)
}

func (l *list) subscribe() receiver {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &listReceiver{list: l, next: l.forgotten + len(l.values)}
	if l.replays {
		r.next = l.forgotten
	}
	l.receivers = append(l.receivers, r)
	return r
}

func (r *listReceiver) TryRecv() (any, error) {
	l := r.list
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.onePosition {
		r = l.receivers[0]
	}
	for l.waits && r.next == l.forgotten+len(l.values) {
		l.changed.Wait()
	}
	if l.tellsAll && l.slowest().next < l.oldest() {
		r.next = max(r.next, l.oldest())
		return nil, &broadcast.LaggedError{Missed: 1}
	}
	if r.next < l.oldest() {
		if err := r.lag(l.oldest()); err != nil {
			return r.withValue(), err
		}
	}
	if r.next == l.forgotten+len(l.values) {
		return nil, broadcast.ErrEmpty
	}
	v := l.values[r.next-l.forgotten]
	r.next++
	l.changed.Broadcast()
	return v, nil
}

func (r *listReceiver) lag(oldest int) error {
	missed := oldest - r.next
	r.missed += missed
	r.next = oldest
	switch {
	case r.jumpsLater:
		r.mu.Unlock()
		runtime.Gosched()
		r.mu.Lock()
		r.next = r.oldest()
	case r.toEnd:
		r.next = r.forgotten + len(r.values)
	case r.silent:
		return nil
	case r.plusOne:
		missed++
	case r.inAll:
		missed = r.missed
	}
	return &broadcast.LaggedError{Missed: uint64(missed)}
}

func (r *listReceiver) withValue() any {
	if !r.valueToo {
		return nil
	}
	v := r.values[r.next-r.forgotten]
	r.next++
	return v
}

// A bare is a ring without a lock.
type bare struct {
	slots           []any
	sent, receivers int
}

func (r *bare) Send(v any) int {
	r.slots[r.sent%len(r.slots)] = v
	r.sent++
	return r.receivers
}

func (r *bare) subscribe() receiver {
	r.receivers++
	return &bareReceiver{r, r.sent}
}

type bareReceiver struct {
	*bare
	next int
}

func (r *bareReceiver) TryRecv() (any, error) {
	if missed := r.sent - len(r.slots) - r.next; missed > 0 {
		r.next += missed
		return nil, &broadcast.LaggedError{Missed: uint64(missed)}
	}
	if r.next >= r.sent {
		return nil, broadcast.ErrEmpty
	}
	r.next++
	return r.slots[(r.next-1)%len(r.slots)], nil
}
