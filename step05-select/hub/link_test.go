package hub

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

var errElsewhere = errors.New("somebody on another server is called that")

func TestLink_givesANameWhenItAnswers(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a, b := enter(h, ""), enter(h, "")
	rename(a, "alice")
	require.Equal(t, "guest1-x", a.Name(), "the other servers have not answered yet")
	require.Empty(t, own(a))
	rename(a, "anna")
	require.Equal(t, []string{"* your last /nick is not answered yet"}, own(a))
	rename(b, "ALICE")
	require.Equal(t, []string{"* you can't be called that: somebody else is called that, or nearly that"}, own(b), "the name is being asked for")
	whisper(b, "alice", "hello")
	require.Equal(t, []string{"* nobody here is called that"}, own(b), "it has the name only when the others have agreed")

	link.presence()
	link.answer(nil)
	require.Equal(t, []string{"* you are now called alice"}, own(a))
	require.Equal(t, []string{"* guest1-x is now called alice"}, heard(t, b))
	require.Equal(t, []string{`"guest1-x" is "alice" in "#lobby"`}, link.presence())
	whisper(b, "alice", "hello")
	require.Equal(t, []string{"[guest2-x -> alice] hello"}, own(a))

	rename(a, "anna")
	link.answer(nil)
	require.Equal(t, map[string]bool{session.Key("anna"): true}, link.held, "the first name is given back when it has the second")
	a.Leave()
	b.Leave()
	link.requireEmpty(t)
	requireEmpty(t, h)
}

func TestLink_refusesAName(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a, b := enter(h, ""), enter(h, "")
	rename(a, "alice")
	link.answer(errElsewhere)
	require.Equal(t, "guest1-x", a.Name())
	require.Equal(t, []string{"* you can't be called that: somebody on another server is called that"}, own(a))
	require.Empty(t, heard(t, b))
	rename(b, "alice")
	require.Empty(t, own(b), "it was refused to somebody else; now the others are asked again")
	link.answer(nil)
	require.Equal(t, "alice", b.Name())
	a.Leave()
	b.Leave()
	link.requireEmpty(t)
	requireEmpty(t, h)
}

func TestLink_answersWhenTheMemberHasLeft(t *testing.T) {
	for _, answer := range []error{nil, errElsewhere} {
		link := newFakeLink()
		h := New(Config{Link: link})
		a, b := enter(h, ""), enter(h, "")
		rename(a, "alice")
		a.Leave()
		heard(t, b)
		rename(b, "alice")
		require.NotEmpty(t, own(b), "the name is still being asked for")
		link.presence()
		link.answer(answer)
		require.Empty(t, link.held, "who wanted the name has left")
		require.Empty(t, link.presence(), "who wanted the name has left")
		require.Empty(t, heard(t, b))
		rename(b, "alice")
		link.answer(nil)
		require.Equal(t, "alice", b.Name(), "nobody has the name")
		b.Leave()
		link.requireEmpty(t)
		requireEmpty(t, h)
	}
}

func TestLink_isAskedForTheNameThatAClientBrings(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a := h.Enter(Entry{Name: "alice", Room: "#go"})
	require.Equal(t, []string{"* you are now called guest1-x", "* you are in #go, alone"}, own(a))
	link.answer(nil)
	require.Equal(t, []string{"* you are now called alice"}, own(a))
	a.Leave()
	link.requireEmpty(t)
}

func TestLink_isToldInOrder(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a := enter(h, "")
	join(a, "#go")
	rename(a, "alice")
	link.answer(nil)
	rename(a, "Alice")
	join(a, "#lobby")
	say(a, "hello")
	a.Leave()
	require.Equal(t, []string{
		`"" is "guest1-x" in "#lobby"`,
		`"guest1-x" is "guest1-x" in "#go"`,
		`"guest1-x" is "alice" in "#go"`,
		`"alice" is "Alice" in "#go"`,
		`"Alice" is "Alice" in "#lobby"`,
		`"Alice" is "Alice" in ""`,
	}, link.presence())
	require.Len(t, link.said, 1)
	require.Equal(t, "#lobby", link.said[0].Room)
	require.NotZero(t, link.said[0].ID)
	link.requireEmpty(t)
}

func TestLink_takesANameAway(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a, b := enter(h, ""), enter(h, "")
	rename(a, "alice")
	link.answer(nil)
	own(a)
	heard(t, b)
	delete(link.held, session.Key("alice")) // it is the other server's now
	h.Unname(session.Key("alice"), "somebody else took it")
	require.Equal(t, []string{"* somebody else took it", "* you are now called guest3-x"}, own(a))
	require.Equal(t, []string{"* alice is now called guest3-x"}, heard(t, b))
	h.Unname(session.Key("alice"), "nobody is called that")
	require.Empty(t, own(a))
	a.Leave()
	b.Leave()
	link.requireEmpty(t)
	requireEmpty(t, h)
}

// A member asks for another form of its name, and is still being given it, when the name is taken away.
func TestLink_takesANameAwayThatIsBeingChanged(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a, b := enter(h, ""), enter(h, "")
	rename(a, "alice")
	link.answer(nil)
	key := session.Key("alice")
	require.NoError(t, h.claim(a, key))
	a.renaming.Store(true)
	delete(link.held, key)
	h.Unname(key, "somebody else took it")
	a.renamed("Alice", key)
	require.Equal(t, "guest3-x", a.Name(), "the name is somebody else's on another server")
	rename(b, "alice")
	link.answer(errElsewhere)
	require.Equal(t, "guest2-x", b.Name())
	rename(a, "anna")
	link.answer(nil)
	require.Equal(t, "anna", a.Name(), "it can ask for a name again")
	a.Leave()
	b.Leave()
	link.requireEmpty(t)
	requireEmpty(t, h)
}

// Many come, move, change their names and leave, while the other servers answer when they like. A link that
// believes what it is told must never be told what can't be.
func TestLink_isNeverToldWhatCannotBe(t *testing.T) {
	for round := range 10 {
		link := newFakeLink()
		h := New(Config{Link: link})
		var clients sync.WaitGroup
		over := make(chan struct{})
		for i := range 8 {
			clients.Go(func() {
				random := rand.New(rand.NewPCG(uint64(round), uint64(i)))
				for range 20 {
					m := h.Enter(Entry{Name: fmt.Sprint("n", random.IntN(5))})
					for range random.IntN(8) {
						switch random.IntN(3) {
						case 0:
							rename(m, fmt.Sprint("n", random.IntN(5)))
						case 1:
							join(m, fmt.Sprint("#room", random.IntN(3)))
						default:
							runtime.Gosched()
						}
					}
					m.Leave()
				}
			})
		}
		answers := make(chan struct{})
		go func() {
			defer close(answers)
			random := rand.New(rand.NewPCG(uint64(round), 99))
			for ended := false; ; {
				var err error
				if random.IntN(3) == 0 {
					err = errElsewhere
				}
				if link.answer(err) {
					continue
				}
				if ended {
					return
				}
				select {
				case <-over:
					ended = true
				default:
					runtime.Gosched()
				}
			}
		}()
		clients.Wait()
		close(over)
		<-answers
		link.requireEmpty(t)
		requireEmpty(t, h)
	}
}
