package client

import (
	"fmt"

	"example.com/async/step05-select/session"
)

// fullWrite is about how many bytes are written at once, whatever they are: what a room remembers, which can be much more, or what is
// said in it now. A client that does not read holds so much, and besides that pointers to messages that are shared: in its
// inbox, and in the ring of its room.
const fullWrite = 16 << 10

// AppendPending appends what the client is to be told now: first what is for it alone, then what was said in the
// room, until nothing is left or it is enough for one write. The rest stays where it is; when the client is over, it is
// finite, and then comes what the protocol ends with.
func (c *Client) AppendPending(dst []byte) []byte {
	full := len(dst) + fullWrite
	dst = append(dst, c.pings...)
	c.pings = nil // not to be used again: a client that is silent has no memory here
	dst = c.codec.AppendReplies(dst)
	if c.refused > 0 || c.limit != nil && c.limit.refused > 0 {
		c.tellRefused()
	}
	waiting := c.member.Pending() // before the inbox is looked into: see appendRoom
	dst, all := c.appendOwn(dst, full)
	switch {
	case !all: // it comes before anything else
	case !c.over:
		dst = c.appendRoom(dst, full, waiting)
	case !c.ended:
		dst = c.codec.AppendEnd(dst, c.err)
		c.ended = true
	}
	if c.shown > 0 {
		c.member.Delivered(c.shown)
		c.shown = 0
	}
	return dst
}

// appendOwn appends what is for this client alone, until that is enough. It reports whether it was all.
func (c *Client) appendOwn(dst []byte, full int) (_ []byte, all bool) {
	for {
		m, more := c.member.TakeOwn()
		if m != nil {
			dst = c.appendShown(dst, m)
		}
		if !more || len(dst) >= full {
			return dst, !more
		}
	}
}

// appendRoom appends what was said in the room, until it is enough: only as many messages as waited there before the inbox was
// emptied. What came later may belong after something that is in the inbox by now, as what was said on other servers before.
func (c *Client) appendRoom(dst []byte, full, waiting int) []byte {
	for ; waiting > 0 && len(dst) < full; waiting-- {
		m, err := c.member.TryRecv()
		if err != nil {
			break
		}
		dst = c.appendShown(dst, m)
	}
	return dst
}

// appendShown appends a message, unless the client does not want to see it.
func (c *Client) appendShown(dst []byte, m *session.Message) []byte {
	if !c.session.Shows(&m.Event) {
		return dst
	}
	if m.ID != 0 && m.Kind != session.Earlier { // it was said in a room
		c.shown++
	}
	return append(dst, m.In(c.codec.Format())...)
}

// tellRefused tells the client which lines nobody has got. It is apart because it takes much stack, and a client that only
// listens shall not need it.
func (c *Client) tellRefused() {
	if c.refused > 0 {
		c.member.Tell(tooLong(c.refused))
		c.refused = 0
	}
	if c.limit != nil && c.limit.refused > 0 {
		c.member.Tell(tooMany(c.limit.refused))
		c.limit.refused = 0
	}
}

func tooLong(n int) session.Event {
	text := "your line was too long and nobody has got it"
	if n > 1 {
		text = fmt.Sprintf("%d of your lines were too long and nobody has got them", n)
	}
	return session.Event{Kind: session.Notice, Text: text}
}

func tooMany(n int) session.Event {
	text := "you talk too much: nobody has got your line"
	if n > 1 {
		text = fmt.Sprintf("you talk too much: nobody has got %d of your lines", n)
	}
	return session.Event{Kind: session.Notice, Text: text}
}
