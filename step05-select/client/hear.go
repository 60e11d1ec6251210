package client

import (
	"time"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/session"
)

// Hungry reports whether more is to be read from the client. While it is not, nothing should be: then TCP makes the
// client wait, which is the only way to make it slower.
func (c *Client) Hungry() bool { return c.hungry && !c.over }

// Hear takes what has been read from the client. It may be called only while Hungry is true. p belongs to the
// Client until Hungry is true again.
func (c *Client) Hear(p []byte) {
	c.unheard, c.hungry, c.silent = p, false, 0
	if c.limit == nil {
		c.limit = newLimit(c.rate, c.burst)
	}
	c.Listen()
}

// HearEnd takes notice that nothing more comes from the client, as Hear would take bytes. A nil err means that it has finished, as
// nc -N does: what it has said is heard, and what was pending is written to it. Otherwise err is why.
func (c *Client) HearEnd(err error) {
	if line, ok := c.codec.End(); ok && err == nil {
		c.line(line)
	}
	if !c.over { // it may have been /quit
		c.finish(err, "")
	}
}

// Unheard returns when Listen is to be called again, because something has come that was not yet heard. ok is false if there is
// nothing. The time may be in the past: now.
func (c *Client) Unheard() (at time.Time, ok bool) {
	if c.hungry || c.over {
		return time.Time{}, false
	}
	return c.limit.until, true
}

// turn is how many lines are heard before others get their turn: what they say, and what is pending for
// this client, must not wait for one that has sent a thousand lines at once. It is half of what a room holds for each client
// ([chat.DefaultCapacity], rounded up): with 16 the others were written to after each 16 messages, and the room passed on half as many.
const turn = 64

// Listen hears what has come: at most a turn of it, and less if the client must first read, if others must
// catch up, or if it talks too much.
func (c *Client) Listen() {
	for i := range turn {
		// What a line means can depend on the answer to the one before: which room is this?
		if c.over || c.member.Answered() {
			return
		}
		// Who talks faster than it listens is listened to a line at a time, but that always: in a flood even
		// its /quit could wait for ever.
		if i > 0 && c.member.Behind() || c.member.TooFast() || !c.limit.allows() {
			return
		}
		line, rest, err := c.codec.Next(c.unheard)
		c.unheard = rest
		switch err {
		case nil:
			c.line(line)
		case lines.ErrTooLong:
			if c.limit.spend() {
				c.refused++
			}
		case lines.ErrMore:
			c.unheard, c.hungry = nil, true
			return
		default:
			c.finish(err, "")
			return
		}
	}
}

// line carries out one line.
func (c *Client) line(line []byte) {
	if !c.limit.spend() {
		return
	}
	action, reply := c.session.Line(line)
	if reply != nil {
		c.member.Tell(*reply)
	}
	switch action.Verb {
	case session.Nothing:
	case session.Quit:
		c.finish(nil, "goodbye")
	case session.Join:
		c.tellRefused() // here, and not after all that is to be told of the next room
		c.member.Do(action)
	default:
		c.member.Do(action)
	}
}
