package hub

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/chat"
	"example.com/async/step05-select/session"
)

// A wakeCounter is a waker that counts.
type wakeCounter struct{ woken atomic.Int64 }

func (w *wakeCounter) Wake() { w.woken.Add(1) }

type wakerFunc func()

func (f wakerFunc) Wake() { f() }

func TestPollReady_wakesForBoth(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	heard(t, a)
	for name, wake := range map[string]func(){
		"a message of the room":  func() { say(b, "hello") },
		"a whisper":              func() { whisper(b, "a", "hello") },
		"something for it alone": func() { h.TellOne(session.Key("a"), "hello") },
		"a notice to all":        func() { h.Tell("hello") },
	} {
		first, last := new(wakeCounter), new(wakeCounter)
		require.False(t, a.PollReady(future.NewContext(first)))
		require.False(t, a.PollReady(future.NewContext(last)))
		wake()
		require.EqualValues(t, 1, last.woken.Load(), name)
		require.Zero(t, first.woken.Load(), "%s: of several it is the last that is woken", name)
		require.True(t, a.PollReady(future.NewContext(last)), name)
		own(a)
		heard(t, a)
		require.False(t, a.PollReady(future.NewContext(last)), "%s: all is taken", name)
		h.Tell("to be woken by") // whatever was waited for before
		heard(t, a)
	}
}

// The room's own message wakes nobody who has nothing to take: but it may, and then there is nothing.
func TestPollReady_isNotReadyForeverByItsOwnMessage(t *testing.T) {
	h := New(Config{})
	a := enter(h, "a")
	say(a, "hello")
	require.Empty(t, heard(t, a))
	require.False(t, a.PollReady(future.NewContext(new(wakeCounter))))
}

func TestPollReady_isWokenOnceByARoomThatWasLeft(t *testing.T) {
	h := New(Config{})
	a, b := enter(h, "a"), enter(h, "b")
	heard(t, a)
	waker := new(wakeCounter)
	cx := future.NewContext(waker)
	require.False(t, a.PollReady(cx))
	join(a, "#go") // rings in the room that it leaves
	own(a)
	heard(t, a)
	before := waker.woken.Load()
	for range 100 {
		say(b, "hello")
	}
	require.Equal(t, before, waker.woken.Load(), "it is not there any more")
	require.False(t, a.PollReady(cx))
	a.Leave()
	h.Tell("hello")
	before = waker.woken.Load()
	for range 100 {
		h.Tell("hello")
	}
	require.Equal(t, before, waker.woken.Load(), "it has left")
}

// Tasks ask again and again before anything comes, and many come and go. The bell keeps each of those who are there once.
func TestBell_keepsEachSeatOnce(t *testing.T) {
	h := New(Config{})
	a := enter(h, "a")
	bell := &h.rooms[session.Lobby].bell
	waker := new(wakeCounter)
	for range 1000 {
		require.False(t, a.PollReady(future.NewContext(waker)))
	}
	require.Len(t, bell.waiting, 1)
	for range 1000 {
		m := enter(h, "")
		m.PollReady(future.NewContext(waker))
		m.Leave()
		heard(t, a)
		a.PollReady(future.NewContext(waker))
	}
	require.Len(t, bell.waiting, 1, "the others have left")
}

func TestBell_forgetsWhoLeavesALargeRoomInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{})
		enterMany(h, 2*gatherAbove)
		for range 1000 {
			m := enter(h, "")
			m.PollReady(future.NewContext(new(wakeCounter)))
			m.Leave()
		}
		bell := &h.rooms[session.Lobby].bell
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Empty(t, bell.waiting, "a second later it has rung, and they have left")
	})
}

// stepwise is a place in a room, and tells an explored world where others may come between.
type stepwise struct {
	chat.Member[*session.Message]
	world *explore.World
}

func (s stepwise) Len() int {
	s.world.Point("look into the room")
	n := s.Member.Len()
	s.world.Point("have looked")
	return n
}

// Under every order of their steps: a task that waits for what somebody says, or whispers to it, gets it.
func TestPollReady_losesNoWakeUp(t *testing.T) {
	for name, act := range map[string]func(*Member){
		"said":      func(m *Member) { say(m, "hello") },
		"whispered": func(m *Member) { whisper(m, "a", "hello") },
		"both":      func(m *Member) { say(m, "hello"); whisper(m, "a", "hello") },
	} {
		failure, stats := explore.Search(explore.Limits{}, func(w *explore.World) {
			h := New(Config{})
			a, b := enter(h, "a"), enter(h, "b")
			heard(w, a)
			a.seat.fan = stepwise{a.seat.fan, w}
			want := map[string]int{"said": 1, "whispered": 1, "both": 2}[name]
			w.Go("task", func() {
				woken := false
				cx := future.NewContext(wakerFunc(func() { woken = true }))
				for got := 0; got < want; {
					if a.PollReady(cx) {
						got += len(heard(w, a)) + len(own(a))
						continue
					}
					w.Wait("to be woken", func() bool { return woken })
					woken = false
				}
			})
			w.Go("other", func() {
				w.Point("speak")
				act(b)
			})
		})
		require.Nil(t, failure, "%s", failure)
		require.True(t, stats.Complete)
		require.Greater(t, stats.Orders, 3, "the search has not looked into the window")
	}
}

// talk lets some people talk and whisper to a member, which takes what has come when wait returns. If a
// wake-up is lost all wait, and synctest ends the test.
func talk(t *testing.T, waits func(a *Member) (wait func())) {
	const speakers, each, between = 3, 500, 50 // one whisper between so many messages: all find room
	for range 5 {
		synctest.Test(t, func(t *testing.T) {
			h := New(Config{Capacity: 4096})
			a := enter(h, "a")
			for i := range speakers {
				m := enter(h, fmt.Sprint("speaker", i))
				go func() {
					for n := range each {
						say(m, "hello")
						if n%between == 0 {
							whisper(m, "a", "hello")
						}
						if n%3 == 0 {
							runtime.Gosched()
						}
					}
				}()
			}
			wait := waits(a)
			for got := 0; got < speakers*(each+each/between); {
				wait()
				got += len(own(a)) + len(spoken(receive(t, a)))
			}
		})
	}
}

func TestPollReady_losesNothingWhileManyTalk(t *testing.T) {
	talk(t, func(a *Member) func() {
		wake := make(chan struct{}, 1)
		cx := future.NewContext(wakerFunc(func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		}))
		return func() {
			for !a.PollReady(cx) {
				<-wake
			}
		}
	})
}

func TestReady_losesNothingWhileManyTalk(t *testing.T) {
	talk(t, func(a *Member) func() {
		return func() {
			select {
			case <-a.RoomReady():
			case <-a.OwnReady():
			}
		}
	})
}
