package cluster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

var start = time.Unix(2_000_000_000, 0)

// tell gives what one node says to the table of another, and the snapshot if that is asked for.
func tell(t *table, from *self, now time.Time, messages ...control) (told []string) {
	for _, c := range messages {
		events, asks := t.hear(c, now)
		if asks {
			for _, part := range from.snapshot() {
				more, _ := t.hear(part, now)
				events = append(events, more...)
			}
		}
		for _, e := range events {
			told = append(told, string(e.AppendText(nil)))
		}
	}
	slices.Sort(told)
	return told
}

func TestTable_followsWhoComesAndGoes(t *testing.T) {
	table, a := newTable("self", time.Minute), newSelf("a")
	require.Equal(t, []string{"* alice has joined #lobby\n"}, tell(table, a, start, a.change("", "alice", "#lobby")))
	require.Equal(t, []string{"* bob has joined #lobby\n"}, tell(table, a, start, a.change("", "bob", "#lobby")))
	require.Equal(t, []string{"* alice has joined #go\n", "* alice has left #lobby\n"}, tell(table, a, start, a.change("alice", "alice", "#go")))
	require.Equal(t, []string{"* bob is now called Robert\n"}, tell(table, a, start, a.change("bob", "Robert", "#lobby")))
	require.Equal(t, map[string]int{"#go": 1, "#lobby": 1}, table.counts())
	node, name, ok := table.find(session.Key("robert"))
	require.True(t, ok)
	require.Equal(t, []string{"a", "Robert"}, []string{node, name})

	require.Equal(t, []string{"* Robert has left #lobby\n"}, tell(table, a, start, a.change("Robert", "Robert", "")))
	require.Equal(t, []string{"* alice has left #go\n"}, tell(table, a, start, a.beat(gone)))
	require.Empty(t, table.counts())
	require.Zero(t, table.people)
	require.Empty(t, tell(table, newSelf("self"), start, newSelf("self").change("", "me", "#lobby")), "what a node says itself")
}

func TestTable_noticesWhatItHasMissed(t *testing.T) {
	table, a := newTable("self", time.Minute), newSelf("a")
	tell(table, a, start, a.change("", "alice", "#lobby"))
	a.change("alice", "alice", "#go") // is lost
	a.change("", "bob", "#go")        // too
	want := []string{"* alice has joined #go\n", "* alice has left #lobby\n", "* bob has joined #go\n"}
	require.Equal(t, want, tell(table, a, start, a.beat(beat)))
	old := control{Kind: delta, Node: "a", Version: 1, Name: "alice", Room: "#lobby"}
	require.Empty(t, tell(table, a, start, old), "what comes late changes nothing")
}

func TestTable_asksOnceInAWhile(t *testing.T) {
	table, a := newTable("self", time.Minute), newSelf("a")
	_, asks := table.hear(a.beat(beat), start)
	require.True(t, asks)
	_, asks = table.hear(a.beat(beat), start.Add(askAgain/2))
	require.False(t, asks)
	_, asks = table.hear(a.beat(beat), start.Add(askAgain))
	require.True(t, asks)
}

func TestTable_forgetsNodesThatFallSilent(t *testing.T) {
	table, a, b := newTable("self", time.Minute), newSelf("a"), newSelf("b")
	tell(table, a, start, a.change("", "alice", "#lobby"))
	tell(table, b, start, b.change("", "bob", "#lobby"))
	tell(table, b, start.Add(40*time.Second), b.beat(beat))
	require.Empty(t, table.expire(start.Add(time.Minute)))
	events := table.expire(start.Add(61 * time.Second))
	require.Len(t, events, 1)
	require.Equal(t, "alice", events[0].From)
	require.False(t, table.alive("a"))
	require.True(t, table.alive("b"))
	require.Equal(t, []string{"* alice has joined #lobby\n"}, tell(table, a, start.Add(2*time.Minute), a.beat(beat)), "it was only away")
}

// A node that is cut off for longer than the expiry comes back, and sends again the whisper that it does not know to have arrived.
func TestTable_hearsAWhisperOnceAlsoWhenItsNodeWasGone(t *testing.T) {
	table := newTable("self", time.Minute)
	hears := func(seq uint64, at time.Time) bool {
		c := control{Kind: whisper, Node: "a", Seq: seq}
		table.hear(c, at)
		return table.hearWhisper(c)
	}
	require.True(t, hears(5, start))
	later := start.Add(2 * time.Minute)
	table.expire(later)
	require.False(t, table.alive("a"))
	require.False(t, hears(5, later), "it was heard")
	require.True(t, hears(6, later))
	own := control{Kind: whisper, Node: "self", Seq: 1}
	table.hear(own, later)
	require.False(t, table.hearWhisper(own), "what this node has sent itself")
}

func TestTable_takesSnapshotsInParts(t *testing.T) {
	table, a := newTable("self", time.Minute), newSelf("a")
	const people = 2*partSize + 1
	for i := range people {
		a.change("", fmt.Sprint("p", i), "#lobby")
	}
	parts := a.snapshot()
	require.Len(t, parts, 3)
	table.hear(parts[0], start)
	table.hear(parts[2], start)
	table.hear(parts[2], start)
	require.Empty(t, table.counts(), "one is missing, though three have come")
	tell(table, a, start.Add(time.Minute), a.beat(beat))
	names, count := table.in("#lobby", 5)
	require.Equal(t, people, count)
	require.Len(t, names, 5)
}

func TestTable_isBounded(t *testing.T) {
	table := newTable("self", time.Minute)
	for i := range 2 * maxPeers {
		table.hear(control{Kind: beat, Node: fmt.Sprint("n", i), Version: 1}, start)
	}
	require.Len(t, table.peers, maxPeers)

	table = newTable("self", time.Minute)
	for i := range 2 * maxPeers {
		now := start.Add(time.Duration(i) * time.Hour) // so that one is gone before the next one comes
		table.expire(now)
		c := control{Kind: whisper, Node: fmt.Sprint("w", i), Seq: 1}
		table.hear(c, now)
		require.True(t, table.hearWhisper(c))
	}
	require.Len(t, table.whispers, maxPeers)
}

// fakeRegistry is a registry without NATS.
type fakeRegistry struct {
	self     string
	owners   map[string]string
	versions map[string]uint64
	before   func() // called before each replace: another node is faster
}

func (r *fakeRegistry) create(key string) (bool, error) {
	if r.owners[key] != "" {
		return false, nil
	}
	r.write(key, r.self)
	return true, nil
}

func (r *fakeRegistry) owner(key string) (string, uint64, error) {
	return r.owners[key], r.versions[key], nil
}

func (r *fakeRegistry) replace(key string, version uint64) (bool, error) {
	if r.before != nil {
		r.before()
	}
	if r.versions[key] != version {
		return false, nil
	}
	r.write(key, r.self)
	return true, nil
}

func (r *fakeRegistry) free(key string, version uint64) error {
	if r.versions[key] == version {
		r.write(key, "")
	}
	return nil
}

func (r *fakeRegistry) write(key, owner string) {
	r.owners[key] = owner
	r.versions[key]++
}

func TestSecure_aNameIsWhosItIsUnlessThatNodeIsGone(t *testing.T) {
	for _, test := range []struct {
		name, owner string
		settled     bool
		faster      string
		want        verdict
		wantOwner   string
	}{
		{"nobody's", "", false, "", ours, "self"},
		{"ours already", "self", false, "", ours, "self"},
		{"somebody's", "alive", true, "", theirs, "alive"},
		{"of a node that is gone", "dead", true, "", ours, "self"},
		{"of one that may be", "dead", false, "", unsure, "dead"},
		{"another node is faster", "dead", true, "alive", theirs, "alive"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &fakeRegistry{self: "self", owners: map[string]string{"k": test.owner}, versions: make(map[string]uint64)}
			if test.faster != "" {
				r.before = func() { r.write("k", test.faster) }
			}
			got, err := secure(r, "k", "self", func(node string) bool { return node == "alive" }, test.settled)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
			require.Equal(t, test.wantOwner, r.owners["k"])

			require.NoError(t, giveUp(r, "k", "self"))
			if test.wantOwner == "self" {
				require.Empty(t, r.owners["k"])
			} else {
				require.Equal(t, test.wantOwner, r.owners["k"], "what is another's is not given up")
			}
		})
	}
}
