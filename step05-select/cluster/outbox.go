package cluster

import "sync"

// An outbox keeps what is to be sent until NATS has it. That is so when NATS answers a ping that was sent later on the same
// connection. What is not known to have arrived when a connection breaks is sent again on the next one; the
// receivers notice what they get twice.
//
// It is bounded: what is too much is lost from its beginning, and put says so.
type outbox struct {
	mu    sync.Mutex
	queue []outgoing
	sent  int // the first so many of the queue were sent on the connection of that number
	conn  uint64
	gone  uint64 // how many were before the queue
	bytes int
	wake  chan struct{} // with room for one
}

// An outgoing is one message.
type outgoing struct {
	subject  string
	data     []byte
	fleeting bool // what is told again anyway on the next connection
}

const (
	maxOutgoing      = 32 << 10
	maxOutgoingBytes = 32 << 20
)

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put adds a message. It reports how many others, which NATS has not got, were dropped for it.
func (b *outbox) put(m outgoing) (dropped int) {
	b.mu.Lock()
	b.queue = append(b.queue, m)
	b.bytes += len(m.data)
	for len(b.queue) > maxOutgoing || b.bytes > maxOutgoingBytes && len(b.queue) > 1 {
		if b.sent == 0 {
			dropped++
		}
		b.drop(1)
	}
	b.mu.Unlock()
	b.poke()
	return dropped
}

// poke wakes the one who sends.
func (b *outbox) poke() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// next returns what is to be sent now, on the connection of that number, and the place of the first of it. It is not yet taken as sent:
// else what was not even given to the connection could be thought to have arrived. For that there is sentUntil.
func (b *outbox) next(conn uint64, most int) (batch []outgoing, place uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if conn != b.conn {
		b.conn = conn
		b.again()
	}
	batch = b.queue[b.sent:min(len(b.queue), b.sent+most)]
	return append([]outgoing(nil), batch...), b.gone + uint64(b.sent)
}

// sentUntil says that all before the place was given to the connection of the last next.
func (b *outbox) sentUntil(place uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if place > b.gone { // else it was dropped meanwhile
		b.sent = max(b.sent, int(place-b.gone))
	}
}

// again makes what was sent what is to be sent.
func (b *outbox) again() {
	kept := make([]outgoing, 0, len(b.queue))
	for i, m := range b.queue {
		if i < b.sent && m.fleeting {
			b.bytes -= len(m.data)
			continue
		}
		kept = append(kept, m)
	}
	b.gone += uint64(len(b.queue) - len(kept))
	b.queue, b.sent = kept, 0
}

// mark is a place in the queue: after all that was sent on the connection of that number. ok is false if that is nothing.
func (b *outbox) mark() (place, conn uint64, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.gone + uint64(b.sent), b.conn, b.sent > 0
}

// arrived forgets all before the place: NATS has answered a ping.
func (b *outbox) arrived(place, conn uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if conn == b.conn && place > b.gone {
		b.drop(int(place - b.gone)) // all of that was sent: else conn would be another one
	}
}

// len is how much is not known to have arrived.
func (b *outbox) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.queue)
}

// drop forgets the first n.
func (b *outbox) drop(n int) {
	for i := range b.queue[:n] {
		b.bytes -= len(b.queue[i].data)
		b.queue[i] = outgoing{}
	}
	b.queue = b.queue[n:]
	b.sent = max(0, b.sent-n)
	b.gone += uint64(n)
}
