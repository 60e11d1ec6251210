package party

import (
	"errors"
	"fmt"
	"time"

	"example.com/async/step05-select/session"
)

// errSilent says that an answer did not come.
var errSilent = errors.New("no answer came")

// await waits for something that only this client is told. asking must be true.
func (p *person) await(is func(e session.Event) bool) (session.Event, error) {
	start := time.Now()
	defer func() {
		p.asking.Store(false)
		p.forget() // the reader may be about to add one more, and there is room for that
	}()
	timeout := time.NewTimer(p.Patience)
	defer timeout.Stop()
	for {
		select {
		case e := <-p.told:
			if is(e) {
				p.answered(time.Since(start))
				return e, nil
			}
		case <-p.ended:
			for { // what came just before
				select {
				case e := <-p.told:
					if is(e) {
						return e, nil
					}
				default:
					return session.Event{}, fmt.Errorf("the connection has ended: %w", p.err)
				}
			}
		case <-timeout.C:
			return session.Event{}, errSilent
		}
	}
}

func (p *person) forget() {
	for {
		select {
		case <-p.told:
		default:
			return
		}
	}
}

// ask says a command, and waits for the answer.
func (p *person) ask(command string, is func(e session.Event) bool) (session.Event, error) {
	p.forget()
	p.asking.Store(true)
	if err := p.conn.Say([]byte(command)); err != nil {
		return session.Event{}, err
	}
	e, err := p.await(is)
	if err != nil {
		err = fmt.Errorf("%s: %w", command, err)
	}
	return e, err
}

// join goes to a room, where it is not yet.
func (p *person) join(room string) error {
	p.diary.leaving()
	_, err := p.ask("/join "+room, func(e session.Event) bool { return e.Kind == session.Entered && e.Room == room })
	return err
}

// fence returns when all is heard that it has said so far.
func (p *person) fence() error {
	_, name := p.diary.place()
	_, err := p.ask("/msg "+name+" fence", func(e session.Event) bool { return e.Kind == session.Whispered && e.Text == "fence" })
	return err
}
