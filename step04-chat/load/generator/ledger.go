package generator

import (
	"slices"
	"sync"
	"time"
)

// A ledger keeps the books: which message is due to whom. All senders and receivers share it, under one lock,
// which a receiver takes once for all that a read has brought.
//
// The numbers of each sender's messages count from 0. A receiver remembers for each sender the number that comes
// next. If a later one comes, those in between are lost, because a server keeps the order of each sender; if an earlier one
// comes, it is late or comes again.
type ledger struct {
	mu        sync.Mutex
	begin     time.Time // of the sending: what all times count from
	since     time.Time // of what the result tells
	window    int       // 0: no limit
	senders   []account
	receivers []receiver
	unseated  int           // receivers that have not yet seen anybody
	seated    chan struct{} // closed when there are none
	present   int           // receivers that are still connected
	flying    int           // messages in flight
	landed    *sync.Cond    // that flying became less, or that nothing more is sent
	waiting   int           // senders that wait for it
	ended     bool          // no sender sends any more
	end       time.Time     // since then
	arrivals  int64         // of messages at receivers, since the beginning: Delivered begins anew at times
	arrived   time.Time     // when the last one came
	moved     time.Time     // the same, or a later time at which there was no reason to expect one
	result    *Result
}

// An account is that of a sender: its messages that are in flight, number n in flights[n%len(flights)].
type account struct {
	client  int    // the receiver that it is, too
	oldest  uint64 // the number of the oldest message in flight
	next    uint64 // the number of the next message
	flights []flight
}

// A flight is a message that not everybody has.
type flight struct {
	at   time.Duration // when it was sent, or due, since the beginning
	left int           // how many receivers have neither got nor lost it
	lost bool          // somebody has lost it
}

// A receiver is what is known of one client that reads.
type receiver struct {
	next       []uint64 // for each sender, the number of the next message
	gaps       []gap    // the last that it has lost, to know again what comes late
	lost, told uint64
	seated     bool
	gone       bool
}

// A gap is messages from <= n < to of one sender that did not come.
type gap struct {
	sender   int
	from, to uint64
}

// maxGaps is how many gaps a receiver remembers, or as many as there are senders, for when all that is in flight is
// written off there is one for each: what comes later than that counts as coming again.
const maxGaps = 64

func newLedger(l Load) *ledger {
	b := &ledger{window: l.Window, senders: make([]account, l.Senders), receivers: make([]receiver, l.Clients), present: l.Clients,
		unseated: l.Clients, seated: make(chan struct{}), result: newResult()}
	b.landed = sync.NewCond(&b.mu)
	for i := range b.senders {
		b.senders[i] = account{client: i, flights: make([]flight, 64)}
	}
	for i := range b.receivers {
		b.receivers[i].next = make([]uint64, l.Senders)
	}
	return b
}

// The methods below are called with mu held.

// seat notes that a receiver has seen somebody in the room.
func (b *ledger) seat(client int) {
	if r := &b.receivers[client]; !r.seated {
		r.seated = true
		if b.unseated--; b.unseated == 0 {
			close(b.seated)
		}
	}
}

func (a *account) at(n uint64) *flight { return &a.flights[n&uint64(len(a.flights)-1)] }

// send notes that a sender sends its next message.
func (b *ledger) send(sender int, at time.Duration) {
	a := &b.senders[sender]
	if a.next-a.oldest == uint64(len(a.flights)) {
		larger := make([]flight, 2*len(a.flights))
		for n := a.oldest; n < a.next; n++ {
			larger[n&uint64(len(larger)-1)] = *a.at(n)
		}
		a.flights = larger
	}
	left := b.present
	if !b.receivers[a.client].gone {
		left-- // nobody gets his own
	}
	if b.flying == 0 {
		b.moved = time.Now()
	}
	*a.at(a.next) = flight{at: at, left: left}
	a.next++
	b.flying++
	b.result.Sent++
	if left == 0 {
		b.land(a)
	}
}

// receive notes that a receiver has got a message.
func (b *ledger) receive(client, sender int, number uint64, now time.Duration) {
	r := &b.receivers[client]
	if sender >= len(b.senders) || number >= b.senders[sender].next {
		b.result.Garbled++ // nobody has sent this
		return
	}
	a := &b.senders[sender]
	switch next := r.next[sender]; {
	case a.client == client:
		b.result.Echoed++
		return
	case number < next:
		b.again(r, sender, number)
		return
	case number > next:
		b.lose(r, sender, next, number)
	}
	r.next[sender] = number + 1
	f := a.at(number)
	b.arrivals++
	b.result.Delivered++
	observe(b.result.Each, now-f.at)
	if f.left--; f.left == 0 {
		if !f.lost {
			observe(b.result.Last, now-f.at)
		}
		b.land(a)
	}
}

// land notes that a message of this sender is in flight no more.
func (b *ledger) land(a *account) {
	b.flying--
	if b.waiting > 0 {
		b.landed.Signal()
	}
	for a.oldest < a.next && a.at(a.oldest).left == 0 {
		a.oldest++
	}
}

// takeBack notes that the messages from number from on could not be sent, and that their sender sends no more. They may have been
// written off meanwhile.
func (b *ledger) takeBack(sender int, from uint64) {
	a := &b.senders[sender]
	for i := range b.receivers {
		r := &b.receivers[i]
		if r.next[sender] <= from {
			continue
		}
		r.lost -= r.next[sender] - from
		b.result.Lost -= int64(r.next[sender] - from)
		r.next[sender] = from
	}
	for n := max(from, a.oldest); n < a.next; n++ {
		if f := a.at(n); f.left > 0 {
			f.left = 0
			b.land(a)
		}
	}
	b.result.Sent -= int64(a.next - from)
	a.next, a.oldest = from, min(a.oldest, from)
}

// lose notes that a receiver has lost the messages from <= n < to.
func (b *ledger) lose(r *receiver, sender int, from, to uint64) {
	a := &b.senders[sender]
	for n := from; n < to; n++ {
		f := a.at(n)
		f.lost = true
		if f.left--; f.left == 0 {
			b.land(a)
		}
	}
	r.next[sender] = to
	r.lost += to - from
	b.result.Lost += int64(to - from)
	r.remember(len(r.gaps), len(r.gaps), gap{sender, from, to})
}

// remember puts gaps in place of those from i to k, leaves out the empty ones, and forgets the
// oldest of too many: a server that sends nonsense must not fill the memory.
func (r *receiver) remember(i, k int, gaps ...gap) {
	gaps = slices.DeleteFunc(gaps, func(g gap) bool { return g.from == g.to })
	r.gaps = slices.Replace(r.gaps, i, k, gaps...)
	r.gaps = slices.Delete(r.gaps, 0, max(0, len(r.gaps)-max(maxGaps, len(r.next))))
}

// again notes a message that comes after a later one.
func (b *ledger) again(r *receiver, sender int, number uint64) {
	for i, g := range r.gaps {
		if g.sender == sender && number >= g.from && number < g.to {
			r.remember(i, i+1, gap{sender, g.from, number}, gap{sender, number + 1, g.to})
			r.lost--
			b.result.Lost--
			b.result.Late++
			b.arrivals++
			return
		}
	}
	b.result.Again++
}

// writeOff counts as lost all that is in flight.
func (b *ledger) writeOff() {
	for i := range b.receivers {
		b.writeOffFor(i)
	}
}

// writeOffFor counts as lost all that a receiver should still get.
func (b *ledger) writeOffFor(client int) {
	r := &b.receivers[client]
	for i := range b.senders {
		if a := &b.senders[i]; a.client != client && !r.gone && r.next[i] < a.next {
			b.lose(r, i, r.next[i], a.next)
		}
	}
}

// leave notes that a receiver's connection has ended, and why.
func (b *ledger) leave(client int, why error) {
	b.writeOffFor(client)
	b.receivers[client].gone = true
	b.present--
	b.result.countGone(why)
}
