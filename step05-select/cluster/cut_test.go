package cluster

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/hub"
)

const (
	lost  = "* this server has lost the others"
	found = "* the other servers can be reached again"
)

func TestCluster_goesOnWithoutNATSAndComesBack(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice, anna := a.enter("alice", ""), a.enter("anna", "")
	bob := b.enter("bob", "")
	together(3, a, b)
	alice.say("before")
	bob.sees("[alice] before")

	nats.stop()
	alice.sees(lost)
	bob.sees(lost)
	alice.say("meanwhile")
	anna.sees("[alice] meanwhile")
	bob.say("also meanwhile")
	alice.sees("* bob has left #lobby") // when the node has been silent for long enough
	anna.rename("hannah")
	anna.sees("* you are now called hannah")

	nats.start()
	alice.sees(found)
	bob.sees(found)
	together(3, a, b)
	alice.say("after")
	bob.sees("[alice] after")
	alice.sees("[bob] also meanwhile")
	alice.sees("* bob has joined #lobby")
	bob.whisper("hannah", "that is a nice name")
	anna.sees("[bob -> hannah] that is a nice name")

	require.Equal(t, []string{"[alice] before\n", "[alice] meanwhile\n", "[alice] after\n", "[bob -> hannah] that is a nice name\n"}, bob.spoken())
	for _, u := range []*user{alice, anna, bob} {
		u.look()
		require.Equal(t, 1, u.count(lost))
		require.Equal(t, 1, u.count(found))
	}
}

func TestCluster_whatWasSaidDuringACutComesOnceAndInOrder(t *testing.T) {
	const rounds, each = 5, 20
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice, bob := a.enter("alice", ""), b.enter("bob", "")
	together(2, a, b)
	// The connections break in the middle of what is said.
	n := 0
	for range rounds {
		for range each {
			alice.say(fmt.Sprint(n))
			n++
		}
		nats.cut()
		for range each {
			alice.say(fmt.Sprint(n))
			n++
		}
		bob.sees(fmt.Sprintf("[alice] %d", n-1))
	}
	spoken := bob.spoken()
	require.Len(t, spoken, n)
	for i, line := range spoken {
		require.Equal(t, fmt.Sprintf("[alice] %d\n", i), line)
	}
}

// cut ends the connections of all nodes.
func (n *natsNode) cut() {
	connections, err := n.server.Connz(nil)
	require.NoError(n.t, err)
	for _, c := range connections.Conns {
		_ = n.server.DisconnectClientByID(c.Cid) // it may have ended by itself
	}
}

func TestCluster_oneNodeThatIsCutOffMissesNothingInTheEnd(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	gate := newGate(t, nats)
	b := gate.join()
	alice, bob := a.enter("alice", ""), b.enter("bob", "")
	together(2, a, b)
	gate.shut()
	bob.sees(lost)
	for i := range 50 {
		alice.say(fmt.Sprint(i))
	}
	bob.say("is anybody there?")
	gate.open()
	bob.sees("[alice] 49")
	alice.sees("[bob] is anybody there?")
	alice.say("50")
	bob.sees("[alice] 50")
	require.Zero(t, alice.count(lost))
	spoken := bob.spoken()
	require.Len(t, spoken, 51)
	for i, line := range spoken {
		require.Equal(t, fmt.Sprintf("[alice] %d\n", i), line)
	}
}

func TestCluster_ofTwoWhoTookANameDuringACutOneIsAGuestAgain(t *testing.T) {
	nats := startNATS(t)
	a := nats.join()
	gate := newGate(t, nats)
	b := gate.join()
	first, second := a.enter("", ""), b.enter("", "")
	together(2, a, b)
	gate.shut()
	second.sees(lost)
	second.sees("* " + first.member.Name() + " has left") // b knows nobody any more
	first.sees("* " + second.member.Name() + " has left")
	first.rename("alice")
	second.rename("alice")
	first.sees("* you are now called alice")
	second.sees("* you are now called alice")

	gate.open()
	second.sees("* while the servers could not reach each other, somebody else took the name alice")
	second.sees("* you are now called guest")
	together(2, a, b)
	require.Equal(t, "alice", first.member.Name())
	guest := second.member.Name()
	second.rename("bob")
	second.sees("* you are now called bob")
	first.sees("* " + guest + " is now called bob")
}

func TestConnect_whereNobodyIsGoesOnAloneUntilSomebodyIs(t *testing.T) {
	nats := startNATS(t)
	nats.stop()
	var log lockedBuffer
	c, err := Connect(Config{
		URL: nats.server.ClientURL(), Beat: 50 * time.Millisecond, Retry: 20 * time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	a := &node{t: t, cluster: c, hub: hub.New(hub.Config{Link: c})}
	require.Contains(t, log.String(), "NATS can't be reached; this server is alone, and keeps trying")
	alice, anna := a.enter("alice", ""), a.enter("anna", "")
	alice.say("hello")
	anna.sees("[alice] hello")

	nats.start()
	b := nats.join()
	bob := b.enter("bob", "")
	together(3, a, b)
	bob.say("hello from b")
	alice.sees("[bob] hello from b")
	bob.rename("alice")
	bob.sees("* you can't be called that")
}

func TestConnect_refusesAURLThatIsNone(t *testing.T) {
	for _, bad := range []string{"nats://[::1", "nats://host:port"} {
		_, err := Connect(Config{URL: bad})
		if assert.Error(t, err, bad) {
			assert.Contains(t, err.Error(), bad)
			assert.NotContains(t, err.Error(), "\n")
		}
	}
}

func TestClose_endsInAnyOrder(t *testing.T) {
	nats := startNATS(t)
	a, b := nats.join(), nats.join()
	alice, bob := a.enter("alice", ""), b.enter("bob", "")
	together(2, a, b)
	bob.member.Leave()
	b.cluster.Close()
	b.cluster.Close()
	alice.sees("* bob has left")
	alice.rename("bob")
	alice.sees("* you are now called bob") // at once: it was given back
	nats.stop()
	a.cluster.Close()
}

func TestCluster_ignoresWhatCantBeUnderstood(t *testing.T) {
	server := startNATS(t)
	a, b := server.join(), server.join()
	alice, bob := a.enter("alice", ""), b.enter("bob", "")
	together(2, a, b)
	c := b.cluster
	for _, hostile := range []string{
		"", "x", "{}", "node 1 0 {}", "node 2 1 null", strings.Repeat("[", 10_000),
		`node 2 1 {"kind":"said","id":2000000000000000,"time":2000000000000,"room":"#lobby","from":"eve","text":"\u001b[2Jboo"}`,
		`node 2 1 {"kind":"said","id":2000000000000000,"time":2000000000000,"room":"#lobby","from":"e] ve","text":"boo"}`,
		`node 2 1 {"kind":"said","id":2000000000000000,"time":2000000000000,"room":"#other","from":"eve","text":"boo"}`,
		`{"kind":"delta","node":"eve","version":1,"name":"\u001b[2J","room":"#lobby"}`,
		`{"kind":"snapshot","node":"eve","version":1,"part":-1,"parts":1}`,
		`{"kind":"refusal","node":"eve","key":"alice","text":"\u001b[2J"}`,
		`{"kind":"whisper","node":"eve","seq":1,"key":"alice","event":{"kind":"said"}}`,
	} {
		for _, subject := range []string{c.subjects.room("#lobby"), c.subjects.people(), c.subjects.node(a.cluster.id)} {
			require.NoError(t, c.conn.Publish(subject, []byte(hostile)))
		}
	}
	bob.say("still here")
	alice.sees("[bob] still here")
	bob.whisper("alice", "here, too")
	alice.sees("[bob -> alice] here, too")
	require.Len(t, alice.spoken(), 2)
	require.NotContains(t, strings.Join(alice.seen, ""), "\x1b")
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
