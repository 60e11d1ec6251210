package cluster

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// Between the look at a name's owner and the word that it is free another node may have taken it.
func TestStore_freesNothingThatIsAnothersByNow(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join().cluster.store.Load(), nats.join().cluster.store.Load()
	key := session.Key("alice")
	created, err := a.create(key)
	require.NoError(t, err)
	require.True(t, created)
	_, version, err := a.owner(key)
	require.NoError(t, err)
	replaced, err := b.replace(key, version)
	require.NoError(t, err)
	require.True(t, replaced)

	require.NoError(t, a.free(key, version))
	owner, version, err := a.owner(key)
	require.NoError(t, err)
	require.Equal(t, b.self, owner)
	require.NoError(t, b.free(key, version))
	owner, _, err = a.owner(key)
	require.NoError(t, err)
	require.Empty(t, owner)
}

// A NATS server may come back without what it has stored.
func TestCluster_writesItsNamesDownAgainWhenTheStoreHasForgottenThem(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	a.enter("alice", "")
	nats.stop()
	nats.options.StoreDir = t.TempDir()
	nats.start()
	require.Eventually(t, func() bool {
		s := a.cluster.store.Load()
		if s == nil {
			return false
		}
		owner, _, err := s.owner(session.Key("alice"))
		return err == nil && owner == a.cluster.id
	}, soon, often)
}

// A node that is closed in good order is gone at once. Others must not wait until it has been silent for long enough.
func TestCluster_saysGoodbye(t *testing.T) {
	nats := startNATS(t)
	const beat, never = 50 * time.Millisecond, time.Hour
	start := func() *node {
		c, err := Connect(Config{
			URL: nats.server.ClientURL(), Beat: beat, Expiry: never, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
		})
		require.NoError(t, err)
		t.Cleanup(c.Close)
		return &node{t: t, cluster: c, hub: hub.New(hub.Config{Link: c})}
	}
	a, b := start(), start()
	alice := a.enter("alice", "")
	b.enter("bob", "")
	together(2, a, b)
	b.cluster.Close()
	alice.sees("* bob has left #lobby")
	require.False(t, a.cluster.alive(b.cluster.id))
}
