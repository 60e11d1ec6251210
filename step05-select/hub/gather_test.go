package hub

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestRoom_gathersMovementsWhenItIsLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{})
		witness := enter(h, "witness")
		guests := enterMany(h, 120)
		time.Sleep(gatherTime - time.Nanosecond)
		synctest.Wait()
		told := heard(t, witness)
		require.Len(t, told, gatherAbove-1, "as many as a small room can have were told by themselves, the witness is one of them")
		require.Equal(t, "* n48 has joined #lobby", told[gatherAbove-2])

		for i := range 3 {
			rename(guests[i], fmt.Sprint("other", i))
		}
		guests[5].Leave()
		say(guests[7], "hello")
		require.Equal(t, []string{"[n7] hello"}, heard(t, witness), "what people say is not gathered")
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		require.Equal(t, []string{"* 71 people have joined, 1 has left, 3 have other names"}, heard(t, witness))
		time.Sleep(10 * gatherTime)
		require.Empty(t, heard(t, witness), "nothing has happened")
	})
}

func TestRoom_tellsOneMovementAsInASmallRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{})
		witness := enterMany(h, gatherAbove)[0]
		heard(t, witness)
		alice := enter(h, "alice")
		require.Empty(t, heard(t, witness))
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* alice has joined #lobby"}, heard(t, witness))
		require.Empty(t, heard(t, alice), "it knows that it has come")
		rename(alice, "anna")
		own(alice)
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* alice is now called anna"}, heard(t, witness))
		require.Empty(t, heard(t, alice), "it knows what it is called")
		rename(alice, "alice")
		alice.Leave()
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* 1 has left, 1 has another name"}, heard(t, witness))
	})
}

func TestRoom_losesNoMovementWhenItBecomesSmall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{})
		witness := enter(h, "witness")
		guests := enterMany(h, 100)
		heard(t, witness)
		for _, m := range guests[1:] {
			m.Leave()
		}
		require.Empty(t, heard(t, witness), "the room is small, but something is still to be told: in order")
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* 51 people have joined, 99 have left"}, heard(t, witness))
		guests[0].Leave()
		require.Equal(t, []string{"* n0 has left #lobby"}, heard(t, witness), "the room is small again")
	})
}

func TestRoom_gathersForNobodyWhenItIsEmpty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{})
		guests := enterMany(h, 100)
		old := h.rooms[session.Lobby]
		for _, m := range guests {
			m.Leave()
		}
		requireEmpty(t, h)
		require.Equal(t, crowd{}, old.crowd, "the room is forgotten, and would be kept by its timer")
		a, b := enter(h, "a"), enter(h, "b")
		time.Sleep(2 * gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* b has joined #lobby"}, heard(t, a), "it is another room")
		require.Empty(t, heard(t, b))
	})
}

func TestRoom_gathersWhoComesOnOtherServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := newFakeLink()
		h := New(Config{Link: link})
		a := enter(h, "")
		lobby := link.open[session.Lobby]
		lobby.Deliver(session.Event{Kind: session.Joined, From: "bob"})
		require.Equal(t, []string{"* bob has joined #lobby"}, heard(t, a))
		link.onOthers = gatherAbove
		for range 1000 {
			lobby.Deliver(session.Event{Kind: session.Joined, From: "bob"})
		}
		require.Empty(t, heard(t, a), "the room is large, though few of its people are here")
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* 1000 people have joined"}, heard(t, a))
		a.Leave()
		lobby.Deliver(session.Event{Kind: session.Left, From: "bob"})
		require.Equal(t, crowd{}, lobby.room.crowd, "nobody is here to be told")
	})
}

// People come and go in a room that is now large and now small. A witness is told of each exactly once.
func TestRoom_countsEachMovementOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{Capacity: 1 << 14})
		witness := enter(h, "witness")
		const guests, rounds = 100, 10
		var coming sync.WaitGroup
		for i := range guests {
			coming.Go(func() {
				random := rand.New(rand.NewPCG(3, uint64(i)))
				pause := func() { time.Sleep(time.Duration(random.Int64N(int64(2 * gatherTime)))) }
				for range rounds {
					pause()
					m := enter(h, "")
					pause()
					rename(m, fmt.Sprint("n", i))
					m.Leave()
				}
			})
		}
		coming.Wait()
		time.Sleep(gatherTime)
		synctest.Wait()
		var counted [3]int
		alone, gathered := 0, 0
		for _, m := range receive(t, witness) {
			switch m.Kind {
			case session.Joined:
				counted[0]++
				alone++
			case session.Left:
				counted[1]++
			case session.Renamed:
				counted[2]++
			case session.Gathered:
				for i, n := range counts(m.Text) {
					counted[i] += n
				}
				gathered++
			}
		}
		require.Equal(t, [3]int{guests * rounds, guests * rounds, guests * rounds}, counted, "who has come, left and changed the name")
		require.Greater(t, alone, 10, "the room was never small")
		require.Greater(t, gathered, 5, "the room was never large")
		witness.Leave()
		requireEmpty(t, h)
	})
}

// counts reads how many have joined, left and changed the name.
func counts(text string) (n [3]int) {
	for i, pattern := range []string{`(\d+) (?:person has|people have) joined`, `(\d+) (?:has|have) left`, `(\d+) (?:has another name|have other names)`} {
		if found := regexp.MustCompile(pattern).FindStringSubmatch(text); found != nil {
			n[i], _ = strconv.Atoi(found[1])
		}
	}
	return n
}

// Ten thousand come at once. A notice of each to all would be fifty million.
func TestHub_seatsTenThousandWithFewNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{Capacity: 1 << 14})
		witness := enter(h, "witness")
		guests := make([]*Member, 10_000)
		for i := range guests {
			guests[i] = enter(h, "")
		}
		time.Sleep(gatherTime)
		synctest.Wait()
		told := heard(t, witness)
		require.Len(t, told, gatherAbove, "so many notices went to everybody")
		require.Equal(t, "* 9951 people have joined", told[gatherAbove-1])
		for _, m := range guests {
			m.Leave()
		}
		time.Sleep(gatherTime)
		synctest.Wait()
		require.Equal(t, []string{"* 10000 have left"}, heard(t, witness))
	})
}
