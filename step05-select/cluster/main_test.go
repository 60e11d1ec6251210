package cluster

import (
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A natsNode is a NATS server of the test. It can be stopped, and started again with the same port and store.
type natsNode struct {
	t       testing.TB
	options *natsserver.Options
	server  *natsserver.Server
}

func startNATS(t testing.TB) *natsNode {
	n := &natsNode{t: t, options: &natsserver.Options{
		Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(),
	}}
	n.start()
	t.Cleanup(n.stop)
	return n
}

func (n *natsNode) start() {
	server, err := natsserver.NewServer(n.options)
	require.NoError(n.t, err)
	n.server = server
	server.Start()
	require.True(n.t, server.ReadyForConnections(10*time.Second), "NATS does not start")
	address, err := url.Parse(server.ClientURL())
	require.NoError(n.t, err)
	n.options.Port, err = strconv.Atoi(address.Port())
	require.NoError(n.t, err)
}

func (n *natsNode) stop() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}

// A node is one server of the chat, without its network.
type node struct {
	t       testing.TB
	cluster *Cluster
	hub     *hub.Hub
}

// join starts a node, and waits until it is connected.
func (n *natsNode) join() *node { return n.joinAt(n.server.ClientURL()) }

func (n *natsNode) joinAt(address string) *node {
	joined := n.joinUnready(address)
	require.Eventually(n.t, func() bool { return joined.cluster.store.Load() != nil }, soon, often, "a node is not connected")
	return joined
}

// joinUnready starts a node. Its clock is faster than a real one's.
func (n *natsNode) joinUnready(address string) *node {
	c, err := Connect(Config{
		URL: address, Beat: 50 * time.Millisecond, Expiry: 500 * time.Millisecond, Retry: 20 * time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(n.t.Output(), nil)),
	})
	require.NoError(n.t, err)
	n.t.Cleanup(c.Close)
	return &node{t: n.t, cluster: c, hub: hub.New(hub.Config{Link: c})}
}

// A user is somebody on a node, and what they have seen.
type user struct {
	t      testing.TB
	member *hub.Member
	seen   []string
}

// enter lets somebody into a room, and waits until they have the name.
func (n *node) enter(name, room string) *user {
	u := &user{t: n.t, member: n.hub.Enter(hub.Entry{Name: name, Room: room})}
	if name != "" {
		u.sees("* you are now called " + name)
	}
	return u
}

// knows waits until the node knows of somebody elsewhere.
func (n *node) knows(name string) {
	n.t.Helper()
	require.Eventually(n.t, func() bool { return n.cluster.taken(session.Key(name)) }, soon, often, "%s is not known", name)
}

// look takes what there is to see.
func (u *user) look() {
	for more := true; more; {
		var m *session.Message
		if m, more = u.member.TakeOwn(); m != nil {
			u.seen = append(u.seen, string(m.In(session.Text)))
		}
	}
	for {
		m, err := u.member.TryRecv()
		if err != nil {
			return
		}
		u.seen = append(u.seen, string(m.In(session.Text)))
	}
}

const (
	soon  = 10 * time.Second
	often = 2 * time.Millisecond
)

// sees waits until the user has seen a line that begins like that.
func (u *user) sees(line string) {
	u.t.Helper()
	if !assert.Eventually(u.t, func() bool {
		u.look()
		return u.count(line) > 0
	}, soon, often) {
		require.Fail(u.t, "not seen: "+line, "what was seen:\n%s", strings.Join(u.seen[max(0, len(u.seen)-20):], ""))
	}
}

// count is how often the user has seen such a line.
func (u *user) count(line string) (n int) {
	for _, seen := range u.seen {
		for one := range strings.Lines(seen) {
			if strings.HasPrefix(one, line) {
				n++
			}
		}
	}
	return n
}

// spoken returns what was said.
func (u *user) spoken() []string {
	u.look()
	return slices.DeleteFunc(slices.Clone(u.seen), func(line string) bool { return line[0] != '[' })
}

// forget forgets what was seen.
func (u *user) forget() {
	u.look()
	u.seen = nil
}

func (u *user) say(text string) { u.member.Do(session.Action{Verb: session.Say, Text: text}) }

func (u *user) rename(name string) {
	_, key, err := session.Name(name)
	require.NoError(u.t, err)
	u.member.Do(session.Action{Verb: session.Rename, Name: name, Key: key})
}

func (u *user) whisper(name, text string) {
	u.member.Do(session.Action{Verb: session.Whisper, Name: name, Key: session.Key(name), Text: text})
}

// together waits until the nodes know of each other that so many people are in the lobby.
func together(people int, nodes ...*node) {
	for _, n := range nodes {
		n.t.Helper()
		require.Eventually(n.t, func() bool {
			_, elsewhere := n.cluster.Elsewhere(session.Lobby, 0)
			return elsewhere+int(n.hub.Stats().Users.Load()) == people
		}, soon, often, "a node does not know of all people")
	}
}

// event is something that the user could whisper.
func (u *user) event() session.Event {
	return session.Event{Kind: session.Whispered, From: u.member.Name(), Text: "psst", Time: time.Now()}
}
