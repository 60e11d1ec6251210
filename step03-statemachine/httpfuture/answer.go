package httpfuture

import (
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/future"
)

// answer goes on with what has arrived: it parses, or answers one request, or finds that more
// is needed. It decides as httpd's conn.serve does. A request costs one operation of the
// task's budget: who sends a hundred at once must let others go first now and then.
// Then it reports false.
func (c *conn) answer(cx *future.Context) (progress bool) {
	complete, err := c.work.Parse()
	switch {
	case err != nil:
		c.refuse(err.(*http1.Error))
	case complete && !cx.Spend():
		return false
	case complete:
		c.clock = answering
		if c.work.Answer() == nil {
			c.respond()
		} else {
			c.sendThen(done) // what came before the abort is none of its business
		}
	case c.clock != readBody && c.work.State().InBody():
		c.startClock(readBody)
		refused, err := c.work.ExpectBody()
		switch {
		case err != nil:
			c.sendThen(done)
		case refused:
			c.respond()
		}
	default:
		c.sendThen(stateFor(c.work.State()))
	}
	return true
}

// refuse answers a request that is wrong or incomplete: with the last response.
func (c *conn) refuse(refusal *http1.Error) {
	c.work.Refuse(refusal)
	c.respond()
}

// respond puts the response behind those that wait to be sent, and begins its stream if it has one.
func (c *conn) respond() {
	framing := c.work.Respond(c.engine.stopping())
	if content, length := c.work.Stream(framing); content != nil {
		c.startStreaming(content, length, framing)
		return
	}
	c.finishResponse(framing)
}

// finishResponse goes on when all of a response waits to be sent.
func (c *conn) finishResponse(framing http1.Framing) {
	take := c.work.Finish(framing)
	switch {
	case framing.Content == http1.OtherProtocol:
		c.takeover = &takeover{take: take}
		c.sendThen(handedOver)
	case framing.Close:
		c.sendThen(lingering)
	case len(c.work.Unsent()) > httpd.MaxUnsent:
		c.sendThen(answering)
	default:
		c.state = answering // the next request may be here already: one write is for all
	}
}
