package party

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/async/step05-select/session"
	"example.com/async/step05-select/soak/wire"
)

// rooms are where the witnesses are; dens exist only while somebody is there.
var (
	rooms = []string{session.Lobby, "#go", "#tea"}
	dens  = []string{"#den1", "#den2", "#好"}
)

// pool are the names that all want. The last two are too much like the first.
var pool = []string{"anna", "Bert", "好", "ANNA", "аnna"}

func pick[T any](p *person, from []T) T { return from[p.random.IntN(len(from))] }

func (p *person) upTo(ctx context.Context, most time.Duration) {
	pause(ctx, time.Duration(p.random.Int64N(int64(most))))
}

func (p *person) talk(ctx context.Context) error {
	for range 1 + p.random.IntN(10) {
		if err := p.say(); err != nil {
			return err
		}
		p.upTo(ctx, 60*time.Millisecond)
	}
	return nil
}

func (p *person) hop(ctx context.Context) error {
	for range 2 + p.random.IntN(5) {
		here, _ := p.diary.place()
		next := pick(p, slices.Concat(rooms, dens))
		if next == here {
			continue
		}
		if err := p.join(next); err != nil {
			return err
		}
		if err := p.say(); err != nil {
			return err
		}
		p.upTo(ctx, 50*time.Millisecond)
	}
	return nil
}

func (p *person) rename(ctx context.Context) error {
	for range 1 + p.random.IntN(5) {
		_, old := p.diary.place()
		name := pick(p, pool)
		if name == old {
			continue
		}
		p.names.release(p.number)
		answer, err := p.ask("/nick "+name, func(e session.Event) bool {
			return e.Kind == session.Named || e.Kind == session.Notice && strings.HasPrefix(e.Text, "you can't be called that")
		})
		switch {
		case err != nil:
			return err
		case answer.Kind == session.Notice:
			p.names.hold(p.number, old)
		case answer.To != name:
			return fmt.Errorf("it has asked to be called %s, and is called %s", name, answer.To)
		}
		p.upTo(ctx, 100*time.Millisecond)
		if err := p.say(); err != nil {
			return err
		}
	}
	return nil
}

func (p *person) whisper(ctx context.Context) error {
	for range 1 + p.random.IntN(8) {
		to, sure := pick(p, pool), false
		if p.random.IntN(3) > 0 {
			to, sure = pick(p, p.witnesses), true
		}
		p.secrets++
		t := tag{p.number, p.secrets}
		p.whispers.send(t, to, sure)
		typed, _ := t.line(p.Seed)
		if err := p.conn.Say([]byte("/msg " + to + " " + typed)); err != nil {
			return err
		}
		p.upTo(ctx, 30*time.Millisecond)
	}
	return p.fence()
}

// inquire asks, and looks whether the answer can be true.
func (p *person) inquire(ctx context.Context) error {
	for range 1 + p.random.IntN(5) {
		here, name := p.diary.place()
		who, err := p.ask("/who", func(e session.Event) bool { return e.Kind == session.Members && e.Room == here })
		if err != nil {
			return err
		}
		keys := make(map[string]string)
		for _, name := range who.Names {
			key := session.Key(name)
			if keys[key] != "" {
				p.fault("%s was told that %s and %s are both in %s", p.who, keys[key], name, here)
			}
			keys[key] = name
		}
		if keys[session.Key(name)] != name || who.Count < len(who.Names) {
			p.fault("%s is in %s, is called %s, and is told who is there: %d, %v", p.who, here, name, who.Count, who.Names)
		}
		list, err := p.ask("/rooms", func(e session.Event) bool { return e.Kind == session.Rooms })
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list.Names, func(room string) bool { return strings.HasPrefix(room, here+" (") }) {
			p.fault("%s is in %s, and is told that these are all rooms: %v", p.who, here, list.Names)
		}
		if _, err = p.ask(fmt.Sprintf("/history %d", 1+p.random.IntN(200)), func(e session.Event) bool { return e.Kind == session.Earlier }); err != nil {
			return err
		}
		p.upTo(ctx, 100*time.Millisecond)
	}
	return p.fence()
}

// window is how many lines of a flood may be on their way: so it takes no time to end it.
const window = 64

// flood says as much as the server takes. After ten seconds of that it is refused, and told so.
func (p *person) flood(ctx context.Context) error {
	most := 100 + p.random.IntN(400)
	if p.random.IntN(4) == 0 {
		most = 2000
	}
	until := time.Now().Add(p.aRound())
	for stuck := time.Now(); p.lines < most && time.Now().Before(until) && ctx.Err() == nil; {
		answered := p.truth.published(p.number) + int(p.refused.Load())
		switch {
		case p.lines-answered < window:
			if err := p.say(); err != nil {
				return err
			}
			stuck = time.Now()
		case time.Since(stuck) > p.Patience:
			return errors.New("what it says is heard no more")
		default:
			pause(ctx, time.Millisecond)
		}
	}
	return nil
}

// stall does not read for a while, and then has heard all, or was told what it has missed.
func (p *person) stall(ctx context.Context) error {
	if err := p.say(); err != nil {
		return err
	}
	p.gate.Lock()
	p.upTo(ctx, min(p.aRound(), 1500*time.Millisecond))
	p.gate.Unlock()
	return p.fence()
}

// comeBack is what the page does when its connection is lost. A terminal has no way to ask for what it has missed.
func (p *person) comeBack(ctx context.Context) error {
	if !onWeb(p.number) {
		return p.talk(ctx)
	}
	for range 1 + p.random.IntN(3) {
		if err := p.say(); err != nil {
			return err
		}
		if err := p.fence(); err != nil {
			return err
		}
		p.vanish()
		p.upTo(ctx, 300*time.Millisecond)
		room, name := p.diary.place()
		since := p.diary.returns()
		if err := p.connect(ctx, false, wire.Entry{Name: name, Room: room, Since: since}); err != nil {
			return err
		}
		p.diary.returned(since)
	}
	return nil
}

// shout says as much as it can, reads nothing, and goes.
func (p *person) shout(ctx context.Context) error {
	p.gate.Lock()
	defer p.gate.Unlock()
	// Only so many: all that waits in the connection when it goes was said by nobody yet, and is said later.
	end := time.Now().Add(time.Duration(p.random.Int64N(int64(min(p.aRound(), time.Second)))))
	_ = p.conn.Socket().SetWriteDeadline(end)
	for time.Now().Before(end) && p.say() == nil {
		if p.lines >= 2*window {
			p.upTo(ctx, 10*time.Millisecond)
		}
	}
	p.names.release(p.number)
	p.conn.Socket().Close()
	return errGone
}

// breakOff ends in the middle of a line.
func (p *person) breakOff(ctx context.Context) error {
	if err := p.say(); err != nil {
		return err
	}
	typed, _ := tag{p.number, p.numbers + 1}.line(p.Seed)
	_, err := p.conn.Socket().Write([]byte(typed[:p.random.IntN(len(typed))]))
	p.upTo(ctx, 100*time.Millisecond)
	if err == nil {
		err = errGone
	}
	return err
}
