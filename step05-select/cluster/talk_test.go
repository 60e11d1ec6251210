package cluster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestCluster_peopleOnTwoNodesAreInOneRoom(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice := a.enter("alice", "")
	bob := b.enter("bob", "")
	together(2, a, b)
	guest := b.enter("", "")
	alice.sees("* " + guest.member.Name() + " has joined #lobby")

	alice.say("hello")
	bob.sees("[alice] hello")
	bob.say("hello alice")
	alice.sees("[bob] hello alice")
	bob.member.Do(session.Action{Verb: session.Act, Text: "waves"})
	alice.sees("* [bob] waves")

	bob.rename("robert")
	alice.sees("* bob is now called robert")
	bob.member.Leave()
	alice.sees("* robert has left #lobby")
	require.Equal(t, []string{"[bob] hello alice\n"}, alice.spoken(), "what alice said herself does not come back")
	alice.member.Leave()
}

func TestCluster_whoAndRoomsAreOfAllNodes(t *testing.T) {
	nats := startNATS(t)
	a, b, c := nats.join(), nats.join(), nats.join()
	alice, bob, carol := a.enter("alice", ""), b.enter("bob", ""), c.enter("carol", "#go")
	together(2, a, b)
	a.knows("carol")
	b.knows("carol")
	a.knows("bob")

	alice.member.Do(session.Action{Verb: session.Who, Room: "#lobby"})
	alice.sees("* 2 people in #lobby: alice, bob")
	alice.member.Do(session.Action{Verb: session.Who, Room: "#go"})
	alice.sees("* 1 person in #go: carol")
	alice.member.Do(session.Action{Verb: session.ListRooms})
	alice.sees("* 2 rooms: #lobby (2), #go (1)")

	bob.member.Do(session.Action{Verb: session.Join, Room: "#go"})
	alice.sees("* bob has left #lobby")
	carol.sees("* bob has joined #go")
	bob.sees("* you are in #go, with 1 other")
}

func TestCluster_whispersReachOnePerson(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice, bob, eve := a.enter("alice", ""), b.enter("Bob", ""), b.enter("eve", "")
	together(3, a, b)
	a.knows("bob")
	a.knows("eve")
	b.knows("alice")

	alice.whisper("bob", "psst")
	alice.sees("[alice -> Bob] psst")
	bob.sees("[alice -> Bob] psst")
	bob.whisper("alice", "yes?")
	alice.sees("[Bob -> alice] yes?")
	alice.whisper("nobody", "psst")
	alice.sees("* nobody here is called that")
	require.Empty(t, eve.spoken())

	for range 70 { // six more than can wait
		alice.whisper("eve", "wake up")
	}
	// All six: else eve could read while the last ones are on their way, and there would be room for one of them.
	require.Eventually(t, func() bool {
		alice.look()
		return alice.count("* eve: does not read at the moment") == 6
	}, soon, often, "alice is told which whispers eve has not got")
	require.NotZero(t, eve.count("* you are now called eve"))
	eve.look()
	require.Equal(t, 64, eve.count("[alice -> eve] wake up"))
}

func TestCluster_losesNothingAndKeepsTheOrderOfEachSender(t *testing.T) {
	const senders, each = 3, 1000
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	listener := b.enter("listener", "")
	talkers := make([]*user, senders)
	for i := range talkers {
		talkers[i] = a.enter(fmt.Sprintf("talker%d", i), "")
	}
	together(senders+1, a, b)
	for i, talker := range talkers {
		go func() {
			for n := range each {
				talker.say(fmt.Sprintf("%d %d", i, n))
			}
		}()
	}
	require.Eventually(t, func() bool { return len(listener.spoken()) == senders*each }, soon, often)
	var next [senders]int
	for _, line := range listener.spoken() {
		var i, n int
		_, text, _ := strings.Cut(line, "] ")
		_, err := fmt.Sscanf(text, "%d %d", &i, &n)
		require.NoError(t, err)
		require.Equal(t, next[i], n, "what talker %d said comes in another order", i)
		next[i]++
	}
	require.Zero(t, listener.count("* you missed"))
}
