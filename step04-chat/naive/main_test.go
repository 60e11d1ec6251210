package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A person talks in the room, in a bubble.
type person struct {
	*memnet.Conn
	t *testing.T
}

// enter starts the server and lets so many people in. They leave at the end of the test.
func enter(t *testing.T, n int, options ...memnet.Option) []person {
	listener := memnet.Listen(options...)
	t.Cleanup(func() { listener.Close() })
	go serve(listener)
	var people []person
	for range n {
		conn, err := listener.Dial(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		people = append(people, person{conn, t})
	}
	synctest.Wait()
	return people
}

// says sends words, and waits until nobody has anything more to do.
func (p person) says(words string) {
	_, err := io.WriteString(p, words)
	require.NoError(p.t, err)
	synctest.Wait()
}

// reads expects exactly these words of the others.
func (p person) reads(want string) {
	got := make([]byte, len(want)+100)
	n, err := p.Read(got)
	require.NoError(p.t, err)
	assert.Equal(p.t, want, string(got[:n]))
}

func (p person) name() string { return fmt.Sprintf("[%v] ", p.LocalAddr()) }

func TestNaive_passesALineOnToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people := enter(t, 3)
		people[0].says("hello\nyou two\n")
		for _, other := range people[1:] {
			other.reads(people[0].name() + "hello\n" + people[0].name() + "you two\n")
		}
		people[1].says("hello to you\n")
		people[0].reads(people[1].name() + "hello to you\n")
	})
}

// Each fault is one that the chapter shows: whoever mends one here has taken it from there.

func TestNaive_losesAHalfTypedLineWhenAMessageComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people := enter(t, 3)
		people[0].says("please do not ")
		people[1].says("in between\n")
		people[0].says("forget me\n")
		people[2].reads(people[1].name() + "in between\n" + people[0].name() + "forget me\n")
	})
}

func TestNaive_writesEachMessageByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people := enter(t, 2)
		people[0].says(strings.Repeat("word\n", 50))
		assert.Equal(t, 50, people[1].Peer().Writes())
	})
}

func TestNaive_tellsNobodyButTheOperatorOfALag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var printed bytes.Buffer
		log.SetOutput(&printed)
		defer log.SetOutput(os.Stderr)
		slow := enter(t, 2, memnet.Buffer(64))
		for range 500 {
			slow[0].says("word\n")
		}
		all := make([]byte, 64<<10)
		for !strings.Contains(printed.String(), "lagged by") {
			_, err := slow[1].Read(all)
			require.NoError(t, err)
			synctest.Wait()
		}
		assert.NotContains(t, string(all), "missed")
	})
}
