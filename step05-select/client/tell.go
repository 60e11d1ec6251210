package client

import (
	"fmt"
	"math"

	"example.com/async/step05-select/session"
)

// fullWrite is about how many bytes of the room leave in one write. Of a room's messages a client that does not read holds
// no more than that, besides the hub's share. Answers leave whole: the longest is what a room remembers.
const fullWrite = 16 << 10

// AppendPending appends what the client is to be told now: first what is for it alone, then what was said in the
// room, until nothing is left or it is enough for one write.
func (c *Client) AppendPending(dst []byte) []byte {
	dst = append(dst, c.last...)
	c.last = nil // not to be used again: a client that is silent has no memory here
	if c.over {
		return dst
	}
	return c.appendRoom(c.appendOwn(dst), math.MaxInt, fullWrite)
}

// settle writes all that is pending now down, in memory of the client's own.
func (c *Client) settle() {
	c.last = c.appendRoom(c.appendOwn(c.last), c.member.Pending(), math.MaxInt)
}

// appendOwn appends what is for this client alone.
func (c *Client) appendOwn(dst []byte) []byte {
	dst = c.codec.AppendReplies(dst)
	if c.refused > 0 || c.limit != nil && c.limit.refused > 0 {
		c.tellRefused()
	}
	for _, m := range c.member.TakeOwn() {
		dst = c.appendShown(dst, m)
	}
	return dst
}

// tellRefused tells the client which lines nobody has got. It is apart because it takes much stack, and a client that only
// listens shall not need it.
func (c *Client) tellRefused() {
	if c.refused > 0 {
		c.member.Tell(tooLong(c.refused))
		c.refused = 0
	}
	if c.limit.refused > 0 {
		c.member.Tell(tooMany(c.limit.refused))
		c.limit.refused = 0
	}
}

// appendRoom appends what was said in the room, at most so many messages and about so many bytes.
func (c *Client) appendRoom(dst []byte, messages, bytes int) []byte {
	taken, start := 0, len(dst)
	for ; taken < messages && len(dst)-start < bytes; taken++ {
		m, err := c.member.TryRecv()
		if err != nil {
			break // there is nothing left
		}
		dst = c.appendShown(dst, m)
	}
	c.member.Delivered(taken)
	return dst
}

func (c *Client) appendShown(dst []byte, m *session.Message) []byte {
	if !c.session.Shows(&m.Event) {
		return dst
	}
	return append(dst, m.In(c.codec.Format())...)
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
