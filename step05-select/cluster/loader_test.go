package cluster

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// The loader is busy while somebody goes from room to room. Then it does not ask for rooms in which nobody is any more: others
// wait for it.
func TestCluster_doesNotAskForRoomsInWhichNobodyIs(t *testing.T) {
	const rooms = 20
	server := startNATS(t)
	a := server.join()
	rover := a.enter("", "")
	a.enter("", "#busy")
	c := a.cluster
	loaded := func(name string) func() bool {
		return func() bool {
			c.mu.Lock()
			r := c.rooms[name]
			c.mu.Unlock()
			r.mu.Lock()
			defer r.mu.Unlock()
			return !r.feed.holding
		}
	}
	require.Eventually(t, loaded("#busy"), soon, often)
	require.Eventually(t, loaded(session.Lobby), soon, often)

	conn, err := nats.Connect(server.server.ClientURL())
	require.NoError(t, err)
	defer conn.Close()
	var busyAsked, hopAsked atomic.Int64
	_, err = conn.Subscribe("$JS.API.CONSUMER.CREATE.>", func(m *nats.Msg) {
		switch {
		case strings.HasSuffix(m.Subject, c.subjects.room("#busy")):
			busyAsked.Add(1)
		case strings.Contains(m.Subject, c.subjects.room("#hop")):
			hopAsked.Add(1)
		}
	})
	require.NoError(t, err)
	require.NoError(t, conn.Flush())

	busy := c.rooms["#busy"]
	busy.mu.Lock()
	c.ask(busy)
	require.Eventually(t, func() bool { return busyAsked.Load() > 0 }, soon, often, "the loader asks for the room that is busy")
	for i := range rooms {
		rover.member.Do(session.Action{Verb: session.Join, Room: fmt.Sprint("#hop", i)})
		require.Eventually(t, func() bool {
			c.mu.Lock()
			defer c.mu.Unlock()
			return len(c.load) == i+1
		}, soon, time.Millisecond, "the room is subscribed to")
	}
	busy.mu.Unlock()
	require.Eventually(t, loaded(fmt.Sprint("#hop", rooms-1)), soon, often, "somebody is there")
	require.NoError(t, conn.Flush())
	require.EqualValues(t, 1, hopAsked.Load(), "for the one in which the rover is")
}
