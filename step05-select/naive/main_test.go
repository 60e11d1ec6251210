package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/asyncnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A person talks in the room, in a bubble.
type person struct {
	*memnet.Conn
	t *testing.T
}

// enter starts the server and lets so many people in. They leave at the end of the test.
func enter(t *testing.T, n int, options ...memnet.Option) (people []person, operator *strings.Builder) {
	listener := memnet.Listen(options...)
	operator = new(strings.Builder)
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() {
		stopped <- serve(ctx, listener, func() (asyncnet.Network, error) { return asyncnet.NewPortable(), nil }, operator)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			var cut *tcp.CutError
			assert.ErrorAs(t, err, &cut)
			assert.EqualError(t, err, cut.Error())
		}
	})
	for range n {
		conn, err := listener.Dial(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		people = append(people, person{conn, t})
		synctest.Wait()
	}
	return people, operator
}

// says sends words, and waits until nobody has anything more to do.
func (p person) says(words string) {
	_, err := io.WriteString(p, words)
	require.NoError(p.t, err)
	synctest.Wait()
}

// reads expects exactly these words of the others.
func (p person) reads(want string) {
	p.t.Helper()
	got := make([]byte, len(want)+100)
	require.NoError(p.t, p.SetReadDeadline(time.Now().Add(time.Second)))
	n, err := p.Read(got)
	require.NoError(p.t, err)
	assert.Equal(p.t, want, string(got[:n]))
}

func (p person) name() string { return fmt.Sprintf("[%v] ", p.LocalAddr()) }

func TestNaive_passesALineOnToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people, operator := enter(t, 3)
		people[0].says("hello\nyou two\n")
		for _, other := range people[1:] {
			other.reads(people[0].name() + "hello\n" + people[0].name() + "you two\n")
		}
		people[1].says("hello to ")
		people[1].says("you\n")
		people[0].reads(people[1].name() + "hello to you\n")
		assert.NotContains(t, operator.String(), "dropped", "nobody has spoken in between")
	})
}

func TestNaive_letsWhoLeavesGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people, _ := enter(t, 2)
		people[0].says("bye\n")
		people[0].says("and a word without an end")
		require.NoError(t, people[0].CloseWrite())
		synctest.Wait()
		_, err := people[0].Read(make([]byte, 1))
		assert.ErrorIs(t, err, io.EOF)
		people[1].reads(people[0].name() + "bye\n" + people[0].name() + "and a word without an end")
		people[1].says("alone\n")
	})
}

// Each fault is one that the chapter shows: whoever mends one here has taken it from there.

func TestNaive_losesAHalfTypedLineWhenAMessageComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people, operator := enter(t, 3)
		people[0].says("please do not ")
		people[1].says("in between\n")
		people[0].says("forget me\n")
		people[2].reads(people[1].name() + "in between\n" + people[0].name() + "forget me\n")
		assert.Contains(t, operator.String(),
			fmt.Sprintf("%v: a read is dropped, and with it %q\n", people[0].LocalAddr(), "please do not "))
	})
}

// One's own message comes back to one's own select, too. When that looks at the read first, the half line behind
// the message is lost, with nobody else in the room to disturb.
func TestNaive_losesWhatIsTypedAheadNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people, operator := enter(t, 1)
		for range 100 {
			people[0].says("a line\nand a ha")
			people[0].says("lf\n")
		}
		lost := strings.Count(operator.String(), "dropped")
		assert.Positive(t, lost)
		assert.Less(t, lost, 100)
	})
}

func TestNaive_doesNotHearWhoDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people, operator := enter(t, 2, memnet.Buffer(64))
		for range 20 {
			people[0].says("a line that fills the buffer of who does not read\n")
		}
		people[1].says("and now I want to speak\n")
		require.NoError(t, people[0].SetReadDeadline(time.Now().Add(time.Hour)))
		_, err := people[0].Read(make([]byte, 100))
		assert.ErrorContains(t, err, "timeout")
		for range 500 {
			people[0].says("word\n")
		}
		all := make([]byte, 64<<10)
		for !strings.Contains(operator.String(), "lagged by") {
			require.NoError(t, people[1].SetReadDeadline(time.Now().Add(time.Second)))
			n, err := people[1].Read(all)
			require.NoError(t, err)
			assert.NotContains(t, string(all[:n]), "missed", "only the operator is told")
			synctest.Wait()
		}
	})
}
