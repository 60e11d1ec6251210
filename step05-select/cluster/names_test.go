package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestCluster_namesAreUniqueOverNodes(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice := a.enter("alice", "")
	other := b.enter("", "")
	other.rename("AIice") // looks like it
	other.sees("* you can't be called that: somebody else is called that, or nearly that")
	alice.rename("carol")
	alice.sees("* you are now called carol")
	require.Eventually(t, func() bool {
		other.rename("alice")
		other.look()
		return other.member.Name() == "alice"
	}, soon, often, "the name was given back")
	other.member.Leave()
	require.Eventually(t, func() bool {
		alice.rename("Alice")
		alice.look()
		return alice.member.Name() == "Alice"
	}, soon, often, "the name of who has left is free")
}

func TestCluster_ofTwoWhoWantANameAtTheSameMomentOneGetsIt(t *testing.T) {
	nats := startNATS(t)
	a, b, c := nats.join(), nats.join(), nats.join()
	users := []*user{a.enter("", ""), b.enter("", ""), c.enter("", "")}
	together(3, a, b, c)
	for _, name := range []string{"alice", "bob", "carol", "dave", "erin"} {
		for _, u := range users {
			u.forget()
			go u.rename(name)
		}
		refused := 0
		for _, u := range users {
			require.Eventually(t, func() bool {
				u.look()
				return u.count("* you are now called "+name)+u.count("* you can't be called that") == 1
			}, soon, often, "there is an answer")
			refused += u.count("* you can't be called that")
		}
		require.Equal(t, 2, refused, name)
	}
}

// dies ends a node as a crash does: without a word.
func (n *node) dies() {
	n.cluster.cancel()
	n.cluster.conn.Close()
	n.cluster.running.Wait()
}

func TestCluster_aNodeThatDiesTakesItsPeopleWithIt(t *testing.T) {
	nats := startNATS(t)
	a, b, c := nats.join(), nats.join(), nats.join()
	alice := a.enter("alice", "")
	bob := b.enter("bob", "")
	carol := c.enter("carol", "")
	together(3, a, b, c)
	b.dies()
	alice.sees("* bob has left #lobby")
	carol.sees("* bob has left #lobby")
	require.False(t, func() bool { _, ok := a.cluster.Whisper("bob", bob.event()); return ok }())
	alice.rename("bob")
	alice.sees("* you are now called bob")
	carol.sees("* alice is now called bob")
}

func TestCluster_aNewNodeWaitsBeforeItTakesANameThatMayBeSomebodys(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	a.enter("alice", "")
	a.dies()
	require.Eventually(t, func() bool { return nats.server.NumClients() == 0 }, soon, often)
	start := time.Now()
	b := nats.join()
	b.enter("alice", "") // gets it
	require.Greater(t, time.Since(start), b.cluster.config.Expiry)
}

// Who changes the name and changes it back may do so before the bucket was told of the first change.
func TestCluster_keepsANameThatIsGivenBackAndWantedAgainAtOnce(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	a.enter("alice", "")
	key := session.Key("alice")
	answer := make(chan error, 1)
	names := a.cluster.names
	names.mu.Lock()
	names.queue = append(names.queue, request{key: key}, request{name: "alice", key: key, done: func(err error) { answer <- err }})
	names.busy = true
	names.mu.Unlock()
	names.poke()
	require.NoError(t, <-answer)
	require.Eventually(t, names.idle, soon, often)
	owner, _, err := a.cluster.store.Load().owner(key)
	require.NoError(t, err)
	require.Equal(t, a.cluster.id, owner, "the name is free for all other nodes")
}

func TestCluster_withoutJetStreamPeopleStillHearEachOther(t *testing.T) {
	nats := startNATS(t)
	nats.stop()
	nats.options.JetStream = false
	nats.start()
	a, b := nats.joinUnready(nats.server.ClientURL()), nats.joinUnready(nats.server.ClientURL())
	alice, bob := a.enter("alice", ""), b.enter("bob", "")
	together(2, a, b)
	bob.say("hello")
	alice.sees("[bob] hello")
	a.knows("bob")
	alice.rename("bob")
	alice.sees("* you can't be called that")
}
