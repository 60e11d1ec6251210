package chat

import (
	"cmp"
	"context"
	"io"
	"reflect"
	"slices"
	"time"
)

// A view is what a page is told: where everybody stands in the ring, and what is new on the screens.
type view struct {
	ID       string `json:"id"`
	Address  string `json:"address"` // of the server, for nc
	Capacity int    `json:"capacity"`
	// End is the number of the message that will be sent next: number n is in slot n modulo the capacity.
	End       uint64         `json:"end"`
	Flooding  int            `json:"flooding"` // lines of the flood that are still to be said
	Terminals []terminalView `json:"terminals"`
	Guests    []guestView    `json:"guests"`
}

// A terminalView is one terminal.
type terminalView struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	// Open says that the terminal is in the room; the next four are only right then.
	Open bool `json:"open"`
	// Next is the number of the message that its writer takes next.
	Next uint64 `json:"next"`
	// Under is how many messages were taken out of the ring and not read: they are with its writer and in the kernel's buffers.
	Under uint64 `json:"under"`
	Read  uint64 `json:"read"`
	// Told is how many it has missed, by what the server has told it.
	Told uint64 `json:"told"`
	Pace int    `json:"pace"` // lines a second that it reads, 1000: all

	Lines   []string `json:"lines"`   // new on its screen
	Skipped int      `json:"skipped"` // lines that came before these and are not shown
}

// A guestView is a client that came by other means than the page.
type guestView struct {
	Address string `json:"address"`
	Next    uint64 `json:"next"`
}

const (
	frameEvery = 50 * time.Millisecond // how often a page is told when something changes
	aliveEvery = time.Second           // and when nothing does: so one that has gone is noticed soon
)

// next returns what the page is to be told next, when there is something: it is for the page's stream.
func (r *room) next(ctx context.Context) (view, error) {
	for {
		select {
		case <-time.After(frameEvery):
		case <-ctx.Done():
			return view{}, ctx.Err()
		case <-r.ctx.Done():
			return view{}, io.EOF
		}
		now := time.Now()
		if now.Sub(r.acted.Load().(time.Time)) > idleLimit {
			return view{}, io.EOF
		}
		v := r.look()
		if v.newer(r.lastView) || now.Sub(r.lastSent) >= aliveEvery {
			r.lastSent, r.lastView = now, v.withoutLines()
			return v, nil
		}
	}
}

// newer reports whether a page that knows old should be told: old has no lines.
func (v view) newer(old view) bool {
	for _, t := range v.Terminals {
		if len(t.Lines) > 0 {
			return true
		}
	}
	return !reflect.DeepEqual(v, old)
}

// withoutLines returns a view that is the same but for the lines.
func (v view) withoutLines() view {
	v.Terminals = slices.Clone(v.Terminals)
	for i := range v.Terminals {
		v.Terminals[i].Lines, v.Terminals[i].Skipped = nil, 0
	}
	return v
}

// look makes a view, and takes the lines from the screens.
func (r *room) look() view {
	v := view{ID: r.id, Address: r.address, Capacity: capacity, Flooding: r.flood.remaining(), End: r.lastView.End}
	places := r.ring.all()
	for _, t := range r.terminals {
		v.Terminals = append(v.Terminals, t.look(places, &v.End))
	}
	for address, p := range places { // look has taken the terminals out
		next, end := p.position()
		v.End = max(v.End, end)
		v.Guests = append(v.Guests, guestView{Address: address, Next: next})
	}
	slices.SortFunc(v.Guests, func(a, b guestView) int { return cmp.Compare(a.Address, b.Address) })
	return v
}

// look returns the terminal's part, and takes its place out of places.
func (t *terminal) look(places map[string]*place, end *uint64) (v terminalView) {
	v.Name = t.name
	v.Pace, _ = t.pace.get()
	v.Lines, v.Skipped = t.screen.take()
	c := t.now.Load()
	if c == nil {
		return v
	}
	v.Address, v.Read, v.Told = c.address, c.read.Load(), c.told.Load()
	p := places[c.address]
	if p == nil || c.over.Load() {
		return v
	}
	delete(places, c.address)
	v.Open = true
	v.Under = p.taken.Load() - v.Read // asked for after it, so it is not less
	next, sent := p.position()
	v.Next, *end = next, max(*end, sent)
	return v
}
