package cluster

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/hub"
)

func TestCluster_roomsThatOpenLaterKnowWhatWasSaid(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice := a.enter("alice", "#go")
	for i := range 150 {
		alice.say(fmt.Sprint(i))
	}
	a.isHeard()
	// The room opens on b while alice goes on talking.
	bob := b.enter("", "#go")
	for i := range 150 {
		alice.say(fmt.Sprint(150 + i))
	}
	bob.sees("[alice] 299")
	bob.sees("* said before you came: ")
	spoken := bob.numbers()
	require.GreaterOrEqual(t, len(spoken), hub.DefaultHistory)
	for i, n := range spoken {
		require.Equal(t, 300-len(spoken)+i, n, "each once, and none is missing")
	}

	// Who comes now is told by the node itself.
	carol := b.enter("", "#go")
	require.Equal(t, spoken[len(spoken)-hub.DefaultHistory:], carol.numbers())
}

// isHeard waits until NATS has all that was said.
func (n *node) isHeard() {
	require.Eventually(n.t, func() bool { return n.cluster.outbox.len() == 0 }, soon, often)
}

// numbers returns the numbers that were said. What was said earlier can come after what is said now: it is
// not in the room, but for each alone.
func (u *user) numbers() (numbers []int) {
	for _, line := range u.spoken() {
		var n int
		_, text, _ := strings.Cut(line, "] ")
		_, err := fmt.Sscan(text, &n)
		require.NoError(u.t, err)
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

func TestCluster_aRoomThatWasEmptyRemembers(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	alice := a.enter("alice", "#go")
	alice.say("is anybody here?")
	a.isHeard()
	alice.member.Leave()

	again := a.enter("", "#go")
	again.sees("[alice] is anybody here?")
	require.Len(t, again.spoken(), 1)
}

func TestCluster_boundsWhatNATSKeeps(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	alice := a.enter("alice", "#go")
	alice.say("hello")
	a.isHeard()
	kept := a.cluster.store.Load().stream.CachedInfo().Config
	require.EqualValues(t, maxStoredBytes, kept.MaxBytes, "all rooms together")
	require.EqualValues(t, maxStored, kept.MaxMsgsPerSubject, "a room")
	require.Equal(t, storedFor, kept.MaxAge)
}
