package chat

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func count(rooms *Rooms) int {
	rooms.mu.Lock()
	defer rooms.mu.Unlock()
	return len(rooms.rooms)
}

func TestRooms_whatOneTerminalSaysTheOthersRead(t *testing.T) {
	_, url, _ := serve(t)
	v := visit(t, url)
	said := `大家好 <b>hello</b>`
	text, err := json.Marshal(said)
	require.NoError(t, err)
	v.do(`{"do":"say","terminal":1,"text":` + string(text) + `}`)
	v.until(func(now view) bool {
		return len(v.screen[0]) == 1 && len(v.screen[2]) == 1 && len(v.screen[3]) == 1 && now.Terminals[1].Next == 1
	})
	line := "[" + v.view.Terminals[1].Address + "] " + said
	require.Equal(t, [4][]string{{line}, nil, {line}, {line}}, v.screen)
	require.EqualValues(t, 1, v.view.End)
	for _, terminal := range v.view.Terminals {
		require.EqualValues(t, 1, terminal.Next, "its own, too")
		require.Zero(t, terminal.Told)
	}
}

func TestRooms_aSlowReaderLagsIsToldAndRecovers(t *testing.T) {
	_, url, _ := serve(t)
	v := visit(t, url)
	const slow = 3
	v.do(fmt.Sprintf(`{"do":"pace","terminal":%d,"lines":0}`, slow))
	v.do(`{"do":"flood","terminal":0}`)
	lag := func(now view) uint64 { return now.End - now.Terminals[slow].Next }
	v.until(func(now view) bool { return lag(now) > capacity+5 })
	require.Zero(t, v.view.Terminals[slow].Told, "who doesn't read can't be told")
	require.NotZero(t, v.view.Terminals[slow].Under, "what is in the kernel's buffers has left the ring")
	v.do(`{"do":"calm"}`)
	v.until(func(now view) bool { return now.Flooding == 0 && now.Terminals[1].Read == now.End })

	v.do(fmt.Sprintf(`{"do":"pace","terminal":%d,"lines":1000}`, slow))
	v.until(func(now view) bool { return lag(now) == 0 && now.Terminals[slow].Under == 0 })
	for i, terminal := range v.view.Terminals[1:] {
		require.Equal(t, v.view.End, terminal.Read+terminal.Told, "%s has read or missed each", terminal.Name)
		require.Equal(t, i+1 == slow, terminal.Told > 0, "only the slow one has missed some: %+v", terminal)
	}
	require.True(t, slices.ContainsFunc(v.screen[slow], func(line string) bool {
		return strings.HasPrefix(line, "* you missed ")
	}), "and its terminal shows it: %q", v.screen[slow])

	v.do(`{"do":"say","terminal":1,"text":"again"}`)
	v.until(func(view) bool { return strings.HasSuffix(v.screen[slow][len(v.screen[slow])-1], "] again") })
}

func TestRooms_anybodyOnThisMachineCanComeWithNc(t *testing.T) {
	_, url, _ := serve(t)
	v := visit(t, url)
	guest, err := net.Dial("tcp", v.view.Address)
	require.NoError(t, err)
	defer guest.Close()
	v.until(func(now view) bool { return len(now.Guests) == 1 })
	require.Equal(t, guest.LocalAddr().String(), v.view.Guests[0].Address)
	_, err = io.WriteString(guest, "from outside\n")
	require.NoError(t, err)
	v.until(func(now view) bool { return now.Terminals[0].Read == 1 && now.Guests[0].Next == 1 })
	v.do(`{"do":"say","terminal":0,"text":"welcome"}`)
	line, err := bufio.NewReader(guest).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "welcome")
	guest.Close()
	v.until(func(now view) bool { return len(now.Guests) == 0 })
}

func TestRooms_visitorsDontHearEachOther(t *testing.T) {
	rooms, url, _ := serve(t)
	a, b := visit(t, url), visit(t, url)
	require.Equal(t, 2, count(rooms))
	require.NotEqual(t, a.view.ID, b.view.ID)
	a.do(`{"do":"say","terminal":0,"text":"for a"}`)
	a.until(func(now view) bool { return now.End == 1 && now.Terminals[1].Read == 1 })
	b.do(`{"do":"say","terminal":0,"text":"for b"}`)
	b.until(func(now view) bool { return now.Terminals[1].Read == 1 })
	require.Len(t, b.screen[1], 1)
	require.Contains(t, b.screen[1][0], "for b")

	a.vanish()
	require.Eventually(t, func() bool { return count(rooms) == 1 }, patience, 10*time.Millisecond)
	b.do(`{"do":"say","terminal":0,"text":"still here"}`)
	b.until(func(now view) bool { return now.Terminals[1].Read == 2 })
}

func TestRooms_aPageThatVanishesTakesItsRoomAlong(t *testing.T) {
	rooms, url, _ := serve(t)
	v := visit(t, url)
	address := v.view.Address
	v.do(`{"do":"pace","terminal":2,"lines":0}`)
	v.do(`{"do":"flood","terminal":0}`)
	v.until(func(now view) bool { return now.End > 10 })
	v.vanish()
	require.Eventually(t, func() bool { return count(rooms) == 0 }, patience, 10*time.Millisecond)
	_, err := net.Dial("tcp", address)
	require.Error(t, err, "nobody listens there any more")
	status, text := v.try(`{"do":"calm"}`)
	require.Equal(t, 410, status)
	require.Contains(t, text, "ended")
}

func TestRooms_areBounded(t *testing.T) {
	rooms, url, _ := serve(t)
	var visitors []*visitor
	for range MaxRooms {
		visitors = append(visitors, visit(t, url))
	}
	response, err := http.Post(url+"/live/chat", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	response.Body.Close()
	require.NoError(t, err)
	require.Equal(t, 503, response.StatusCode)
	require.Contains(t, string(text), "as many rooms as this book allows")
	visitors[0].vanish()
	require.Eventually(t, func() bool { return count(rooms) < MaxRooms }, patience, 10*time.Millisecond)
	visit(t, url)
	http.DefaultClient.CloseIdleConnections()
}

func TestRooms_endWhenTheServerStops(t *testing.T) {
	rooms, url, stop := serve(t)
	v := visit(t, url)
	stop()
	for v.next() {
	}
	require.Zero(t, count(rooms))
}

func TestRooms_forgottenOnesEnd(t *testing.T) {
	rooms, url, _ := serve(t)
	v := visit(t, url)
	rooms.find(v.view.ID).acted.Store(time.Now().Add(-idleLimit - time.Second))
	for v.next() {
	}
	require.Eventually(t, func() bool { return count(rooms) == 0 }, patience, 10*time.Millisecond)
}

func TestRooms_refuseWhatIsNoAction(t *testing.T) {
	_, url, _ := serve(t)
	v := visit(t, url)
	for _, test := range []struct {
		body   string
		status int
	}{
		{``, 400},
		{`{`, 400},
		{`[]`, 400},
		{`{"do":"dance"}`, 400},
		{`{"do":"say"}`, 400},
		{`{"do":"say","terminal":4,"text":"hi"}`, 400},
		{`{"do":"say","terminal":-1,"text":"hi"}`, 400},
		{`{"do":"say","text":"two\nlines"}`, 400},
		{`{"do":"say","text":"` + strings.Repeat("x", mostLine) + `"}`, 200},
		{`{"do":"say","text":"` + strings.Repeat("x", mostLine+1) + `"}`, 400},
		{`{"do":"calm","text":"` + strings.Repeat("x", maxBody) + `"}`, 400},
		{`{"do":"pace","lines":-5}`, 200},
	} {
		status, text := v.try(test.body)
		require.Equal(t, test.status, status, "%.60s: %s", test.body, text)
	}
	v.view.ID = "nothing"
	status, _ := v.try(`{"do":"calm"}`)
	require.Equal(t, 410, status)
}

// A client whose own writer is stuck is not listened to, and its page is told so.
func TestRooms_whoDoesNotReadIsNotListenedTo(t *testing.T) {
	_, url, _ := serve(t)
	v := visit(t, url)
	v.do(`{"do":"pace","terminal":3,"lines":0}`)
	v.do(`{"do":"flood","terminal":0}`)
	v.until(func(now view) bool { return now.End-now.Terminals[3].Next > capacity })
	line := strings.Repeat("x", mostLine)
	require.Eventually(t, func() bool {
		status, text := v.try(`{"do":"say","terminal":3,"text":"` + line + `"}`)
		if status == 429 {
			require.Contains(t, text, "who does not read is not listened to")
		}
		return status == 429
	}, patience, time.Millisecond)
}

func TestRooms_whoDoesNotReadForLongIsCutOffAndCanComeAgain(t *testing.T) {
	rooms, url, _ := serve(t)
	rooms.writeTimeout = 300 * time.Millisecond
	v := visit(t, url)
	v.do(`{"do":"pace","terminal":3,"lines":0}`)
	v.do(`{"do":"flood","terminal":0}`)
	v.until(func(now view) bool { return !now.Terminals[3].Open })
	require.True(t, v.view.Terminals[2].Open)
	v.do(`{"do":"calm"}`)
	cut := v.view.Terminals[3].Address
	v.do(`{"do":"connect","terminal":2}`) // is in the room, and stays
	v.do(`{"do":"pace","terminal":3,"lines":1000}`)
	v.do(`{"do":"connect","terminal":3}`)
	v.until(func(now view) bool { return now.Terminals[3].Open })
	require.NotEqual(t, cut, v.view.Terminals[3].Address, "by another connection")
	before := v.view.Terminals[3]
	v.do(`{"do":"say","terminal":2,"text":"welcome back"}`)
	v.until(func(now view) bool { return now.Terminals[3].Read > before.Read })
	require.Zero(t, v.view.Terminals[3].Told, "a newcomer has missed nothing")
}
