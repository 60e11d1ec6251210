package party

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// next returns the number of the next client: one that talks over WebSocket, or one that does not.
func (r *run) next(web bool) uint32 {
	for {
		if n := r.came.Add(1); onWeb(n) == web {
			return n
		}
	}
}

// A pair stays in a room for the whole of a round: the witness on a WebSocket, which talks, and the listener in a terminal.
// They are what the other clients must not disturb.
type pair struct {
	room              string
	witness, listener *person
	talking           sync.WaitGroup
	hush              context.CancelFunc
}

// speakEvery is how often a witness says a line: less than the smallest rate that is allowed.
const speakEvery = 100 * time.Millisecond

func (r *run) seat(ctx context.Context, room string) (*pair, error) {
	w, l := r.newPerson(r.next(true)), r.newPerson(r.next(false))
	w.who, l.who = "the witness in "+room, "the listener in "+room
	w.diary.who, l.diary.who = w.who, l.who
	truth := r.truth
	if err := w.connect(ctx, false, wire.Entry{Room: room}); err != nil {
		return nil, fmt.Errorf("%s: %w", w.who, err)
	}
	watched := truth.watch(room)
	if watched == nil {
		w.vanish()
		return nil, fmt.Errorf("%s was told that it is there, and the room does not exist", w.who)
	}
	w.watched.Store(watched) // nobody else comes before
	err := l.connect(ctx, false, wire.Entry{})
	if err == nil && room != session.Lobby {
		err = l.join(room)
	}
	if err != nil {
		w.vanish()
		return nil, fmt.Errorf("%s: %w", l.who, err)
	}
	talk, hush := context.WithCancel(ctx)
	p := &pair{room: room, witness: w, listener: l, hush: hush}
	p.talking.Go(func() {
		for talk.Err() == nil {
			if err := w.say(); err != nil {
				if !w.parting.Load() {
					w.failed(ctx, "talked", err)
				}
				return
			}
			pause(talk, speakEvery)
		}
	})
	_, name := w.diary.place()
	_, other := l.diary.place()
	r.witnesses = append(r.witnesses, name, other)
	return p, nil
}

// leave takes both out when they have heard all. The witness goes last: it sees who goes.
func (p *pair) leave(ctx context.Context) {
	p.hush()
	p.talking.Wait()
	for _, each := range []*person{p.listener, p.witness} {
		err := each.leave()
		each.vanish()
		each.failed(ctx, "has stayed to the end", err)
	}
}

// seatAll seats a pair in each of the rooms.
func (r *run) seatAll(ctx context.Context) (pairs []*pair, err error) {
	r.witnesses = nil
	for _, room := range rooms {
		p, err := r.seat(ctx, room)
		if err != nil {
			for _, p := range pairs {
				p.hush()
				p.talking.Wait()
				p.listener.vanish()
				p.witness.vanish()
			}
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// begin begins a new truth: nobody is there.
func (r *run) begin() {
	r.truth, r.diaries = newTruth(r), nil
	r.spy.truth.Store(r.truth)
}

// aRound is how long clients come in a round.
func (r *run) aRound() time.Duration { return r.Duration / time.Duration(r.Rounds) }

// round lets clients come for its share of the time. It returns when all of them have left, and their diaries were read.
func (r *run) round(ctx context.Context) error {
	r.begin()
	pairs, err := r.seatAll(ctx)
	if err != nil {
		return err
	}
	until := time.Now().Add(r.aRound())
	var clients sync.WaitGroup
	for range r.Clients {
		clients.Go(func() {
			for time.Now().Before(until) && ctx.Err() == nil {
				r.client(ctx, r.came.Add(1))
			}
		})
	}
	clients.Wait()
	for _, p := range pairs {
		p.leave(ctx)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r.judge()
	return nil
}

// judge reads all diaries of the round when the server has noticed that everybody has left.
func (r *run) judge() {
	users := &r.server.hub.Stats().Users
	if !r.soon(func() bool { return users.Load() == 0 }) {
		r.fault("all clients have left, and after %v there are still %d in the chat", r.Patience, users.Load())
	}
	r.truth.seal()
	for _, d := range r.diaries {
		r.truth.judge(d)
	}
	r.whispers.judge()
	r.truth, r.diaries = nil, nil
}

// soon waits until it is so, but not longer than there is patience.
func (r *run) soon(so func() bool) bool {
	for until := time.Now().Add(r.Patience); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			return false
		}
	}
	return true
}

// warmUp lets one client of each sort come and go, so that what a server makes once is there before things are counted.
func (r *run) warmUp(ctx context.Context) error {
	r.begin()
	for _, web := range []bool{false, true} { // the poll engine takes over nobody before it accepts clients itself
		p := r.newPerson(r.next(web))
		if err := p.connect(ctx, false, wire.Entry{}); err != nil {
			return fmt.Errorf("the first client could not come: %w", err)
		}
		err := errors.Join(p.say(), p.fence(), p.leave())
		p.vanish()
		if err != nil {
			return fmt.Errorf("the first client: %w", err)
		}
	}
	r.judge()
	return nil
}
