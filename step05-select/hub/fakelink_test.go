package hub

import (
	"fmt"
	"slices"
	"sync"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// A fakeLink is a link to other servers, which answer when the test says so. It believes what it is told, and
// notes what can't be true.
type fakeLink struct {
	alone
	onOthers int // how many people are in each room on other servers

	mu     sync.Mutex
	claims []request         // that are not answered yet
	held   map[string]bool   // keys of the names that are this server's
	people map[string]string // who is here, and in which room
	open   map[string]Room   // rooms that have members here
	told   []string          // by Present, in order
	said   []session.Event   // published
	wrong  []string          // what the hub should not have done
}

type request struct {
	key  string
	done func(error)
}

func newFakeLink() *fakeLink {
	return &fakeLink{held: make(map[string]bool), people: make(map[string]string), open: make(map[string]Room)}
}

func (l *fakeLink) Alone() bool                           { return false }
func (l *fakeLink) Suffix() string                        { return "-x" }
func (l *fakeLink) Elsewhere(string, int) ([]string, int) { return nil, l.onOthers }

// require notes a fault unless ok is true. mu is held.
func (l *fakeLink) require(ok bool, format string, args ...any) {
	if !ok {
		l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
	}
}

func (l *fakeLink) OpenRoom(r Room) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, open := l.open[r.Name()]
	l.require(!open, "%s was opened, and is open", r.Name())
	l.open[r.Name()] = r
}

func (l *fakeLink) CloseRoom(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, open := l.open[name]
	l.require(open, "%s was closed, and is not open", name)
	delete(l.open, name)
}

func (l *fakeLink) Publish(e session.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, e)
}

func (l *fakeLink) Present(was, name, room string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, fmt.Sprintf("%q is %q in %q", was, name, room))
	_, here := l.people[was]
	l.require(was == "" || here, "%q is now %q, but nobody was called that", was, name)
	delete(l.people, was)
	_, taken := l.people[name]
	l.require(!taken, "%q is now %q, and so is somebody else", was, name)
	if room != "" {
		_, open := l.open[room]
		l.require(open, "%q is in %s, which is not open", name, room)
		l.people[name] = room
	}
}

func (l *fakeLink) Claim(_, key string, done func(error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.require(!l.held[key], "the name %s was asked for, and is ours", key)
	l.claims = append(l.claims, request{key, done})
}

func (l *fakeLink) Release(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.require(l.held[key], "the name %s was given back, and is not ours", key)
	delete(l.held, key)
}

// answer answers the oldest claim, and reports whether there was one. nil says that the name is free.
func (l *fakeLink) answer(err error) bool {
	l.mu.Lock()
	if len(l.claims) == 0 {
		l.mu.Unlock()
		return false
	}
	claim := l.claims[0]
	l.claims = slices.Delete(l.claims, 0, 1)
	if err == nil {
		l.held[claim.key] = true
	}
	l.mu.Unlock()
	claim.done(err)
	return true
}

// presence returns what it was told, and forgets it.
func (l *fakeLink) presence() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := l.told
	l.told = nil
	return told
}

// requireRight is for when all claims are answered.
func (l *fakeLink) requireRight(t require.TestingT) {
	l.mu.Lock()
	defer l.mu.Unlock()
	require.Empty(t, l.wrong, "what the hub told its link")
	require.Empty(t, l.claims, "claims that were not answered")
}

// requireEmpty is requireRight, when everybody has left.
func (l *fakeLink) requireEmpty(t require.TestingT) {
	l.requireRight(t)
	require.Empty(t, l.held, "everybody has left: these names were not given back")
	require.Empty(t, l.people, "everybody has left: of these it was not told")
	require.Empty(t, l.open, "everybody has left: these rooms were not closed")
}
