package client_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
)

// These are the defaults of the program: 50 lines a second, and 200 at once.
var limited = client.Settings{Rate: 50, Burst: 200}

// perLine is how long one line waits for the next.
const perLine = time.Second / 50

// numbered is so many lines with a number each, from first on.
func numbered(first, count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintln(&text, first+i)
	}
	return text.String()
}

// roomy is a hub in which nobody falls behind in these tests.
func roomy() *hub.Hub { return hub.New(hub.Config{Capacity: 1 << 14}) }

// Who pastes a page gets it all through: the burst at once, and the rest at the rate.
func TestLimit_delaysWhatIsPastedAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice, ear := enter(t, h, "alice", limited), listen(t, h)
		alice.told()
		start := time.Now()
		alice.types(numbered(0, 300))
		told := alice.serve()

		said := heard(ear)
		require.Len(t, said, 300, "300 lines were pasted: all of them must get through")
		for i, m := range said {
			require.Equal(t, strconv.Itoa(i), m.Text, "in their order")
			due := max(0, time.Duration(i+1-limited.Burst)*perLine)
			require.InDelta(t, due.Seconds(), m.Time.Sub(start).Seconds(), 0.001, "line %d: the burst is 200, the rate 50 a second", i)
		}
		assert.Empty(t, told, "nothing was refused")
	})
}

// While a line waits for its token, nothing more is read; to be listened to too early costs nothing.
func TestLimit_takesOneTokenForALineHoweverOftenItLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice, ear := enter(t, h, "alice", client.Settings{Rate: 1, Burst: 1}), listen(t, h)
		alice.types("now\nin a second\n")
		alice.told()
		for range 10 {
			require.False(t, alice.Hungry(), "a line waits: TCP must hold the next ones back")
			alice.Listen()
		}
		require.Equal(t, []string{"now"}, texts(heard(ear)))
		at, more := alice.Unheard()
		require.True(t, more)
		assert.Equal(t, time.Now().Add(time.Second), at, "the second line's token is due in a second")
		time.Sleep(time.Until(at))
		alice.Listen()
		assert.Equal(t, []string{"in a second"}, texts(heard(ear)))
	})
}

// tooMuch finds how many lines each notice says were refused.
var tooMuch = regexp.MustCompile(`(?m)^\* you talk too much: nobody has got (?:your line|(\d+) of your lines)$`)

// refusals adds them up. Nothing else may have been told.
func refusals(t *testing.T, told string) (count int) {
	t.Helper()
	require.Empty(t, strings.TrimSpace(tooMuch.ReplaceAllString(told, "")), "nothing but notices of what was refused")
	for _, found := range tooMuch.FindAllStringSubmatch(told, -1) {
		n := 1
		if found[1] != "" {
			var err error
			n, err = strconv.Atoi(found[1])
			require.NoError(t, err)
			require.Greater(t, n, 1)
		}
		count += n
	}
	return count
}

// Who goes on for ten seconds is not pasting. What it says then nobody gets, and it is told how much that is.
func TestLimit_refusesWhoTalksTenSecondsWithoutAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice, ear := enter(t, h, "alice", limited), listen(t, h)
		alice.told()
		// The burst, ten seconds at the rate, and the one whose token was taken just then.
		const all, through = 1000, 200 + 10*50 + 1
		alice.types(numbered(0, all))
		told := alice.serve()
		said := heard(ear)
		assert.InDelta(t, through, len(said), 1, "lines until its ten seconds were over")
		assert.Equal(t, all, len(said)+refusals(t, told), "each line was said, or the client was told that it was not")
		for i, text := range texts(said) {
			require.Equal(t, strconv.Itoa(i), text, "what was said is all from before")
		}

		time.Sleep(time.Second / 2)
		alice.types("too early\n" + strings.Repeat("x", 2*maxLine) + "\n")
		assert.Equal(t, 2, refusals(t, alice.serve()), "half a second is no pause, and a line that is too long is refused once")
		time.Sleep(1100 * time.Millisecond)
		start := time.Now()
		alice.types(numbered(0, 50))
		assert.Empty(t, alice.serve(), "it has paused")
		said = heard(ear)
		require.Len(t, said, 50)
		assert.Zero(t, said[49].Time.Sub(start), "a second's worth of tokens is there again")
	})
}

// Many may be told of in one notice, as when the client does not read it.
func TestLimit_tellsHowManyLinesItHasRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice, ear := enter(t, h, "alice", limited), listen(t, h)
		alice.types(numbered(0, 1000))
		alice.serve()
		before := len(heard(ear))
		alice.types("1\n2\n3\n")
		for !alice.Hungry() {
			at, _ := alice.Unheard()
			time.Sleep(time.Until(at))
			alice.Listen()
		}
		assert.Equal(t, "* you talk too much: nobody has got 3 of your lines\n", alice.told())
		assert.Empty(t, alice.told(), "once is enough")
		assert.Empty(t, heard(ear), "after %d lines", before)
	})
}

// Patience begins anew when a line did not have to wait.
func TestLimit_forgivesWhoPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice, ear := enter(t, h, "alice", limited), listen(t, h)
		alice.told()
		for range 5 {
			alice.types(numbered(0, 200+8*50)) // for eight seconds, and fewer later
			require.Empty(t, alice.serve(), "eight seconds are not too much")
			require.Len(t, heard(ear), 600)
			time.Sleep(4 * time.Second)
		}
		for range 5 { // each of these takes less than the patience that is left, and together they take much more
			alice.types(numbered(0, 250))
			require.Empty(t, alice.serve())
			time.Sleep(time.Second)
		}
		assert.Len(t, heard(ear), 5*250)
	})
}

func TestLimit_isNoneAtARateOf0(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
		alice.told()
		start := time.Now()
		alice.types(numbered(0, 5000))
		assert.Empty(t, alice.serve())
		assert.Len(t, heard(ear), 5000)
		assert.Zero(t, time.Since(start), "nothing had to wait")
	})
}

// Most clients of a large chat only listen.
func TestLimit_costsASilentClientNothing(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", limited), listen(t, h)
	say(ear, "hello")
	require.Contains(t, alice.told(), "[ear] hello\n")
	assert.False(t, alice.Limited(), "it has said nothing")
	alice.types("h")
	assert.True(t, alice.Limited(), "now it has")
}

func TestSettings_haveDefaults(t *testing.T) {
	assert.Equal(t, client.Settings{WriteTimeout: 30 * time.Second, PingEvery: 20 * time.Second, Burst: 1}, client.Settings{}.WithDefaults())
	assert.Equal(t, 200, client.Settings{Rate: 50}.WithDefaults().Burst, "four seconds' worth")
	assert.Equal(t, 1, client.Settings{Rate: 0.1}.WithDefaults().Burst, "less than a line would be silence")
	chosen := client.Settings{Rate: 1, Burst: 2, WriteTimeout: 3, PingEvery: 4}
	assert.Equal(t, chosen, chosen.WithDefaults())
}
