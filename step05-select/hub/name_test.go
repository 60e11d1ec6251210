package hub

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

// alike are forms of one name: in capitals, wide, with a Cyrillic letter, with a digit.
var alike = []string{"alice", "Alice", "ALICE", "alIce", "ａｌｉｃｅ", "аlice", "a1ice"}

func TestHub_givesANameToOneOfMany(t *testing.T) {
	for _, name := range alike {
		require.Equal(t, session.Key("alice"), session.Key(name), "%q is not like the others", name)
	}
	for range 50 {
		h := New(Config{})
		all := make([]*Member, 3*len(alike))
		var entering sync.WaitGroup
		for i := range all {
			entering.Go(func() {
				name := alike[i%len(alike)]
				if i%2 == 0 {
					all[i] = enter(h, name) // one half brings the name
					return
				}
				all[i] = enter(h, "")
				rename(all[i], name)
			})
		}
		entering.Wait()
		var winner *Member
		for _, m := range all {
			if session.Key(m.Name()) == session.Key("alice") {
				require.Nil(t, winner, "two have names that are alike")
				winner = m
			}
		}
		require.NotNil(t, winner, "the name was free, and nobody has it")
		whisper(all[0], "alice", "hello")
		require.Contains(t, own(winner), fmt.Sprintf("[%s -> %s] hello", all[0].Name(), winner.Name()))
		require.Len(t, h.names, len(all), "each has one name")
		for _, m := range all {
			m.Leave()
		}
		requireEmpty(t, h)
	}
}

func TestHub_refusesATakenName(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "alice"), enter(h, "bob")
	heard(t, a)
	for _, name := range alike {
		rename(b, name)
		require.Equal(t, []string{"* you can't be called that: somebody else is called that, or nearly that"}, own(b), name)
	}
	require.Equal(t, "bob", b.Name())
	require.Empty(t, heard(t, a))
	c := h.Enter(Entry{Name: "ALICE"})
	require.Equal(t, []string{
		"* you are now called " + c.Name(), "* you are in #lobby, with 2 others",
		"* you can't be called that: somebody else is called that, or nearly that",
	}, own(c))
	require.Regexp(t, `^guest\d+$`, c.Name())
}

func TestHub_givesANameBack(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "alice"), enter(h, "bob")
	rename(a, "anna")
	rename(b, "alice")
	require.Equal(t, "alice", b.Name(), "who was called that is called something else now")
	rename(a, "bob")
	require.Equal(t, "bob", a.Name(), "who was called that is called something else now")
	b.Leave()
	rename(a, "alice")
	require.Equal(t, "alice", a.Name(), "who was called that has left")
	a.Leave()
	requireEmpty(t, h)
}

func TestMember_takesAnotherFormOfItsName(t *testing.T) {
	link := newFakeLink()
	h := New(Config{Link: link})
	a, b := enter(h, ""), enter(h, "")
	rename(a, "alice")
	link.answer(nil)
	own(a)
	heard(t, b)
	rename(a, "Alice")
	require.Empty(t, link.claims, "the name is its own already: nobody is to be asked")
	require.Equal(t, []string{"* you are now called Alice"}, own(a))
	require.Equal(t, []string{"* alice is now called Alice"}, heard(t, b))
	rename(b, "alice")
	require.NotEmpty(t, own(b), "the name is taken in every form")
	a.Leave()
	b.Leave()
	link.requireEmpty(t)
	requireEmpty(t, h)
}

func TestHub_namesGuestsOnce(t *testing.T) {
	h := New(Config{})
	var entering sync.WaitGroup
	for range 4 {
		entering.Go(func() {
			for range 500 {
				enter(h, "")
			}
		})
	}
	entering.Wait()
	require.Len(t, h.names, 2000, "two guests have one name, or names that are alike")
}

// Whatever the order is: nobody is called what somebody else is called, and in the end all names are free.
func TestHub_keepsNamesApart(t *testing.T) {
	h := New(Config{})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for range 200 {
				m := enter(h, alike[random.IntN(len(alike))])
				for range 3 {
					rename(m, fmt.Sprint("n", random.IntN(10)))
					if h.named(session.Key(m.Name())) != m {
						t.Errorf("one who is called %s has not got that name", m.Name())
					}
				}
				m.Leave()
			}
		})
	}
	clients.Wait()
	requireEmpty(t, h)
}
