package party

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// A Kind is what a client does.
type Kind string

// What clients do. All but the last three read everything; who leaves in good order must have got what was said until then.
const (
	Talks    Kind = "talked, and left in good order"
	Hops     Kind = "went from room to room"
	Renames  Kind = "wanted the names that all want"
	Whispers Kind = "whispered"
	Asks     Kind = "asked who is here, which rooms there are, and what was said"
	Floods   Kind = "flooded a room, and read"
	Stalls   Kind = "read nothing for a while, and then went on"
	Returns  Kind = "lost the connection, and came back for what it had missed"
	Shouts   Kind = "flooded a room, and read nothing"
	Vanishes Kind = "vanished in the middle of a line"
	Rude     Kind = "broke the rules"
)

// Kinds are all of them, in the order in which they are told.
var Kinds = []Kind{Talks, Hops, Renames, Whispers, Asks, Floods, Stalls, Returns, Shouts, Vanishes, Rude}

// share is how many of a hundred do it.
var share = map[Kind]int{
	Talks: 20, Hops: 10, Renames: 10, Whispers: 8, Asks: 10, Floods: 6, Stalls: 8, Returns: 6, Shouts: 4, Vanishes: 8, Rude: 10,
}

// draw decides what a client does. The first ones do one thing each, so that a short soak on a slow machine has all kinds, too.
func (r *run) draw(random *rand.Rand) Kind {
	if i := int(r.drawn.Add(1)) - 1; i < len(Kinds) {
		return Kinds[i]
	}
	n := random.IntN(100)
	for _, k := range Kinds {
		if n -= share[k]; n < 0 {
			return k
		}
	}
	panic("party: the shares are less than a hundred")
}

// client is client number n, from its arrival to its end.
func (r *run) client(ctx context.Context, n uint32) {
	p := r.newPerson(n)
	kind := r.draw(p.random)
	r.count(kind)
	p.who = fmt.Sprintf("client %d, which %s,", n, kind)
	p.diary.who = p.who
	if kind == Rude {
		p.failed(ctx, "did wrong", p.rude(ctx))
		return
	}
	p.hasty = kind == Floods || kind == Shouts
	if err := p.connect(ctx, kind == Stalls || kind == Shouts, wire.Entry{}); err != nil {
		p.failed(ctx, "wanted to come in", err)
		pause(ctx, r.Patience/10) // not to try again and again
		return
	}
	stop := context.AfterFunc(ctx, func() { p.conn.Socket().Close() })
	defer stop()
	defer p.vanish()
	if place := pick(p, rooms); place != session.Lobby {
		if err := p.join(place); err != nil {
			p.failed(ctx, "wanted to go to a room", err)
			return
		}
	}
	if err := does[kind](p, ctx); err != errGone {
		if err == nil {
			err = p.leave()
		}
		p.failed(ctx, "did so", err)
	}
}

// errGone is the error of those who have left already, in their own way.
var errGone = errors.New("it has left")

var does = map[Kind]func(p *person, ctx context.Context) error{
	Talks:    (*person).talk,
	Hops:     (*person).hop,
	Renames:  (*person).rename,
	Whispers: (*person).whisper,
	Asks:     (*person).inquire,
	Floods:   (*person).flood,
	Stalls:   (*person).stall,
	Returns:  (*person).comeBack,
	Shouts:   (*person).shout,
	Vanishes: (*person).breakOff,
}
