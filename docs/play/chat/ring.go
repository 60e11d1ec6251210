package chat

import (
	"net"
	"sync"
	"sync/atomic"

	step4 "example.com/async/step04-chat/chat"
)

// A ring is step 4's hub over a broadcast channel, and knows whose place in it is whose. It changes nothing
// about what its members do.
type ring struct {
	step4.Hub[[]byte]

	// entering is held from expect until the Join that belongs to it: so who is the client of that Join. The server calls
	// Join for each connection once, before anything else.
	entering sync.Mutex
	who      string

	mu     sync.Mutex
	places map[string]*place // by the client's address
}

// A place is a member of the ring, and counts what is taken out of it there.
type place struct {
	step4.Member[[]byte]
	ring    *ring
	address string
	taken   atomic.Uint64 // messages that its writer has taken
}

func newRing(capacity int) *ring {
	return &ring{Hub: step4.NewChannelHub[[]byte](capacity), places: make(map[string]*place)}
}

// expect says whose Join comes next. The caller serves that client with step 4's server.
func (h *ring) expect(client net.Addr) {
	h.entering.Lock()
	h.who = client.String()
}

// Join implements step 4's Hub.
func (h *ring) Join() step4.Member[[]byte] {
	p := &place{Member: h.Hub.Join(), ring: h, address: h.who}
	h.entering.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.places[p.address] = p
	return p
}

// TryRecv implements step 4's Member.
func (p *place) TryRecv() ([]byte, error) {
	message, err := p.Member.TryRecv()
	if err == nil {
		p.taken.Add(1)
	}
	return message, err
}

// Leave implements step 4's Member.
func (p *place) Leave() {
	p.Member.Leave()
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	delete(p.ring.places, p.address)
}

// position asks the ring itself.
func (p *place) position() (next, end uint64) {
	return p.Member.(step4.Positioned).Position()
}

// has reports whether the client at address has a place.
func (h *ring) has(address string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.places[address] != nil
}

// all returns all places there are, by the addresses of the clients.
func (h *ring) all() map[string]*place {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make(map[string]*place, len(h.places))
	for address, p := range h.places {
		all[address] = p
	}
	return all
}
