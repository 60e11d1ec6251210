package chat_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/broadcast"
	"example.com/async/step04-chat/chat"
)

func eachHub(t *testing.T, capacity int, test func(t *testing.T, hub chat.Hub[[]byte])) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) { test(t, newHub(capacity)) })
	}
}

// takeAll returns what the member has to take: texts, and "missed 3" for gaps.
func takeAll(t *testing.T, m chat.Member[[]byte]) (all []string) {
	for {
		text, err := m.TryRecv()
		lagged, ok := errors.AsType[*broadcast.LaggedError](err)
		switch {
		case ok:
			all = append(all, fmt.Sprintf("missed %d", lagged.Missed))
		case err == nil:
			all = append(all, string(text))
		default:
			require.ErrorIs(t, err, broadcast.ErrEmpty)
			return all
		}
	}
}

func TestHub_countsOnlyWhatOthersSaidAsMissed(t *testing.T) {
	eachHub(t, 4, func(t *testing.T, hub chat.Hub[[]byte]) {
		a, b := hub.Join(), hub.Join()
		for _, m := range []struct {
			from chat.Member[[]byte]
			text string
		}{{a, "1"}, {b, "2"}, {b, "3"}, {a, "4"}, {b, "5"}, {a, "6"}, {b, "7"}} {
			m.from.Send([]byte(m.text))
		}
		// The hub holds 4 to 7.
		require.Equal(t, []string{"missed 1", "4", "6"}, takeAll(t, b))
		require.Equal(t, []string{"missed 2", "5", "7"}, takeAll(t, a))
		for range 100 {
			a.Send([]byte("mine"))
		}
		require.Empty(t, takeAll(t, a), "all that it missed were its own")
		b.Send([]byte("8"))
		require.Equal(t, []string{"8"}, takeAll(t, a))
		require.Equal(t, []string{"missed 97", "mine", "mine", "mine"}, takeAll(t, b), "one more of what it missed would be its own")
	})
}

func TestHub_newMembersSeeNothingOld(t *testing.T) {
	eachHub(t, 4, func(t *testing.T, hub chat.Hub[[]byte]) {
		a := hub.Join()
		a.Send([]byte("old"))
		b := hub.Join()
		require.Empty(t, takeAll(t, b))
		require.Zero(t, b.Len())
		a.Send([]byte("new"))
		require.Equal(t, []string{"new"}, takeAll(t, b))
		b.Leave()
		a.Send([]byte("nobody hears this"))
	})
}

func TestHub_readyIsArmedWhenSomethingIsThere(t *testing.T) {
	eachHub(t, 4, func(t *testing.T, hub chat.Hub[[]byte]) {
		a, b := hub.Join(), hub.Join()
		ready := b.Ready()
		select {
		case <-ready:
			t.Fatal("nothing is there")
		default:
		}
		a.Send([]byte("1"))
		<-ready
		<-b.Ready() // it has not been taken yet
		require.False(t, b.Behind())
		a.Send([]byte("2"))
		require.False(t, b.Behind())
		a.Send([]byte("3"))
		require.True(t, b.Behind(), "three of four are more than half")
		require.Equal(t, []string{"1", "2", "3"}, takeAll(t, b))
		require.False(t, b.Behind())
	})
}

func TestHub_announcesToAllInTheOrderOfTheRest(t *testing.T) {
	eachHub(t, 4, func(t *testing.T, hub chat.Hub[[]byte]) {
		hub.Announce([]byte("nobody hears this"))
		a, b := hub.Join(), hub.Join()
		a.Send([]byte("a1"))
		hub.Announce([]byte("to all"))
		a.Send([]byte("a2"))
		require.Equal(t, []string{"to all"}, takeAll(t, a), "what a said itself does not come back")
		require.Equal(t, []string{"a1", "to all", "a2"}, takeAll(t, b))

		b.Leave()
		a.Leave()
		hub.Announce([]byte("nobody hears this either"))
		c, d := hub.Join(), hub.Join()
		c.Send([]byte("c1"))
		require.Empty(t, takeAll(t, c))
		require.Equal(t, []string{"c1"}, takeAll(t, d))
	})
}

func TestHub_countsWhatWasAnnouncedAsMissed(t *testing.T) {
	eachHub(t, 2, func(t *testing.T, hub chat.Hub[[]byte]) {
		a := hub.Join()
		hub.Announce([]byte("1"))
		a.Send([]byte("mine"))
		hub.Announce([]byte("2"))
		hub.Announce([]byte("3"))
		require.Equal(t, []string{"missed 1", "2", "3"}, takeAll(t, a), "one of the two that it missed was its own")
	})
}

// Whatever the order of events is: what a member got and what it was told that it missed is together
// what the others said, and what it got is in one order.
func TestHub_conservesMessages(t *testing.T) {
	const members, each = 4, 5000
	eachHub(t, 16, func(t *testing.T, hub chat.Hub[[]byte]) {
		var senders, receivers sync.WaitGroup
		all := make([]chat.Member[[]byte], members)
		for i := range all {
			all[i] = hub.Join()
		}
		done := make(chan struct{})
		counts := make([]uint64, members)
		for i, m := range all {
			senders.Go(func() {
				for n := range each {
					m.Send([]byte{byte(i), byte(n), byte(n >> 8)})
				}
			})
			receivers.Go(func() {
				var last [members]int
				for over := false; ; {
					text, err := m.TryRecv()
					lagged, ok := errors.AsType[*broadcast.LaggedError](err)
					switch {
					case ok:
						counts[i] += lagged.Missed
					case err == nil:
						counts[i]++
						from, n := text[0], int(text[1])|int(text[2])<<8
						if int(from) == i || n < last[from] {
							t.Errorf("member %d got number %d of member %d after %d", i, n, from, last[from])
						}
						last[from] = n
					case over:
						return
					default:
						select {
						case <-m.Ready():
						case <-done:
							over = true
						}
					}
				}
			})
		}
		senders.Wait()
		close(done)
		receivers.Wait()
		for i, count := range counts {
			require.EqualValues(t, (members-1)*each, count, "member %d", i)
		}
	})
}

// BenchmarkHub is what one message costs until all have taken it, on one goroutine: without
// waking anybody, and without I/O.
func BenchmarkHub(b *testing.B) {
	for name, newHub := range hubs {
		for _, members := range []int{2, 10, 100, 1000} {
			b.Run(fmt.Sprintf("%s/members=%d", name, members), func(b *testing.B) {
				hub := newHub(chat.DefaultCapacity)
				all := make([]chat.Member[[]byte], members)
				for i := range all {
					all[i] = hub.Join()
				}
				text := []byte("[127.0.0.1:1234] hello, this is a line of chat\n")
				b.ReportAllocs()
				for b.Loop() {
					for range 16 {
						all[0].Send(text)
					}
					for _, m := range all {
						for {
							if _, err := m.TryRecv(); err != nil {
								break
							}
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*16*(members-1)), "ns/delivery")
			})
		}
	}
}

func TestChannelHub_membersHaveAPosition(t *testing.T) {
	hub := chat.NewChannelHub[[]byte](4)
	a, b := hub.Join(), hub.Join()
	defer a.Leave()
	defer b.Leave()
	for range 6 {
		a.Send([]byte("text"))
	}
	requirePosition := func(m chat.Member[[]byte], next, end uint64) {
		t.Helper()
		gotNext, gotEnd := m.(chat.Positioned).Position()
		require.Equal(t, [2]uint64{next, end}, [2]uint64{gotNext, gotEnd})
	}
	requirePosition(b, 0, 6)
	require.Equal(t, []string{"missed 2", "text", "text", "text", "text"}, takeAll(t, b))
	requirePosition(b, 6, 6)
	requirePosition(a, 0, 6)
	require.Empty(t, takeAll(t, a))
	requirePosition(a, 6, 6) // its own count as well
}
