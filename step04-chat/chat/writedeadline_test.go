package chat_test

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat"
)

// A clocked connection knows its deadline for writes, and how often it was set.
type clocked struct {
	net.Conn
	deadline time.Time
	sets     int
}

func (c *clocked) SetWriteDeadline(t time.Time) error {
	c.deadline = t
	c.sets++
	return nil
}

func TestWriteDeadline_leavesEachWriteItsTimeAndAnEighthMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 8 * time.Second
		var conn clocked
		deadline := chat.WriteDeadline{Limit: limit}
		for pause := range 3 * limit / time.Second { // between two writes
			time.Sleep(pause * time.Second / 2)
			require.NoError(t, deadline.Arm(&conn))
			left := time.Until(conn.deadline)
			require.GreaterOrEqual(t, left, limit)
			require.LessOrEqual(t, left, limit+limit/8)
		}
	})
}

func TestWriteDeadline_isSetOnceForManyWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var conn clocked
		deadline := chat.WriteDeadline{Limit: 8 * time.Second}
		for range 1000 {
			require.NoError(t, deadline.Arm(&conn))
			time.Sleep(10 * time.Millisecond)
		}
		assert.InDelta(t, 10, conn.sets, 1, "times in 10 s: once in an eighth of the limit")
	})
}
