package pollloop_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

const inMemory = "TestServer_portable/workers-1/memory/"

// Faults that a select by hand invites, one place each.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "does not wake itself after a turn", File: "poll.go",
			Old: "			cx.Waker().Wake()\n", New: "",
			Test: inMemory + "message-in-own-flood", Message: "a client asks for something",
		},
		{
			Name: "polls the clock of a write that was stopped", File: "poll.go",
			Old: "		c.limits.write = nil\n		c.client", New: "		c.client",
			Test: inMemory + "slow-stays", Message: "panic",
		},
		{
			Name: "waits for a client for ever", File: "poll.go",
			Old: "	if c.over(cx, c.limits.write) {", New: "	if false {",
			Test: inMemory + "write-timeout", Message: "still waits for it",
		},
		{
			Name: "ends before all is written", File: "poll.go",
			Old: "		switch sent, err := c.send(cx); {", New: "		if over, err := c.client.Over(); over {\n			return c.end(err), true\n		}\n		switch sent, err := c.send(cx); {",
			Test: inMemory + "stop-pending", Message: "twenty messages were pending",
		},
		{
			Name: "does not look whether the server stops", File: "poll.go",
			Old: "		case c.ctx.Err() != nil: // the server's end\n			c.client.End()\n", New: "",
			Test: inMemory + "stop", Message: "must say so",
		},
		{
			Name: "waits for a token without a waker", File: "poll.go",
			Old: "	return c.over(cx, c.limits.resume)", New: "	return false",
			Test: inMemory + "rate-burst", Message: "pastes a text",
		},
		{
			Name: "reads on while lines still wait", File: "poll.go",
			Old: "	if !c.client.Hungry() {", New: "	if over, _ := c.client.Over(); over {",
			Test: inMemory + "rate-pushback", Message: "has read",
		},
		{
			Name: "is cancelled, and does not leave", File: "conn.go",
			Old: "func (c *conn) Cancel() { c.leave() }", New: "func (c *conn) Cancel() { c.done = true }",
			Test: "TestServer_letsClientsLeaveThatItCuts", Message: "is still in the chat",
		},
		{
			Name: "closes while something of the client is unread", File: "lingering.go",
			Old: "l.conn.net.CloseWrite() != nil {", New: "true {",
			Test: inMemory + "quit", Message: "connection reset",
		},
		{
			Name: "does not leave the room", File: "conn.go",
			Old: "	c.client.Leave()\n", New: "",
			Test: inMemory + "left-told", Message: "a client has",
		},
		{
			Name: "is cancelled, and leaves its timers behind", File: "conn.go",
			Old: "			clock.Cancel()\n", New: "",
			Test: "TestConn_leavesNoTimerBehind", Message: "and so many timers run for it",
		},
		{
			Name: "leaves a timer behind for one who talked too much", File: "conn.go",
			Old: "c.limits.ping, c.limits.resume}", New: "c.limits.ping}",
			Test: "TestConn_leavesNoTimerBehind", Message: "and so many timers run for it",
		},
		{
			Name: "hears one client for as long as it talks", File: "poll.go",
			Old: "case !heard && (", New: "case (",
			Test: "TestConn_letsOthersHaveTheirTurn", Message: "so often its worker has read",
		},
		{
			Name: "wakes itself when nothing has happened", File: "poll.go",
			Old: "		case heard: //", New: "		case true: //",
			Test: "TestConn_sleepsWhileNothingHappens", Message: "and it wakes itself",
		},
		{
			Name: "is not woken by messages", File: "../hub/member.go",
			Old: "	m.seat.room.bell.wait(m.seat, cx.Waker())\n", New: "",
			Test: inMemory + "broadcast", Message: "a client has come into the room",
		},
	})
}
