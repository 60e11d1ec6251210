//go:build solution

package selectfuture

import (
	"io"

	"example.com/async/step03-statemachine/future"
)

type Client struct {
	lines      Lines
	messages   Messages
	say, write func(text string)
	lineFirst  bool // in this turn
	over       bool
}

func New(lines Lines, messages Messages, say, write func(text string)) *Client {
	return &Client{lines: lines, messages: messages, say: say, write: write}
}

func (c *Client) Poll(cx *future.Context) (err error, ready bool) {
	if c.over {
		panic(future.PolledAfterReady)
	}
	for range Turn { // each round handles one thing, or returns
		c.lineFirst = !c.lineFirst
		if !c.lineFirst && c.hear() {
			continue
		}
		line, typed, err := c.lines.PollLine(cx)
		switch {
		case err != nil:
			c.Cancel()
			if err == io.EOF {
				err = nil
			}
			return err, true
		case typed:
			c.say(line)
			continue
		}
		if c.hear() {
			continue
		}
		c.messages.Wait(cx.Waker())
		if !c.hear() { // else it came between the look and Wait
			return nil, false
		}
	}
	cx.Waker().Wake()
	return nil, false
}

// hear handles a message, if there is one.
func (c *Client) hear() bool {
	message, ok := c.messages.Take()
	if ok {
		c.write(message)
	}
	return ok
}

func (c *Client) Cancel() {
	c.over = true
	c.lines.Close()
	c.messages.Close()
}
