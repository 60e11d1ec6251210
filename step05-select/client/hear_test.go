package client_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

func TestHear_takesAtMostATurn(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	alice.types(numbered(0, 2*client.Turn+1))
	for range 2 {
		assert.Len(t, heard(ear), client.Turn, "then it is the turn of the others")
		assert.False(t, alice.Hungry(), "there is more in the buffer")
		at, more := alice.Unheard()
		require.True(t, more)
		assert.False(t, at.After(time.Now()), "it may go on at once")
		alice.Listen()
	}
	assert.Equal(t, []string{strconv.Itoa(2 * client.Turn)}, texts(heard(ear)))
	assert.True(t, alice.Hungry())
	_, more := alice.Unheard()
	assert.False(t, more, "all was heard")
	alice.Listen()
	assert.True(t, alice.Hungry(), "to listen once more changes nothing")
}

// A line may come in pieces, and the buffer of a piece may be used again when the client is hungry.
func TestHear_keepsAHalfLine(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	for _, piece := range []string{"", "hel", "lo\nand ", "good", "bye\r\n"} {
		alice.types(piece)
		require.True(t, alice.Hungry(), "%q was taken in", piece)
	}
	assert.Equal(t, []string{"hello", "and goodbye"}, texts(heard(ear)))
}

// Who has more to read than half the ring holds reads first. One line is heard all the same, see
// TestHear_hearsWhoIsInAFlood.
func TestHear_waitsUntilTheClientHasCaughtUp(t *testing.T) {
	h := hub.New(hub.Config{Capacity: 16})
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	for range 9 {
		say(ear, "hello")
	}
	heard(ear)
	alice.types("one\ntwo\nthree\n")
	assert.Equal(t, []string{"one"}, texts(heard(ear)), "nine messages wait for it, and half of 16 is the limit")
	assert.False(t, alice.Hungry())
	assert.Equal(t, 9, strings.Count(alice.told(), "[ear] hello\n"))
	alice.Listen()
	assert.Equal(t, []string{"two", "three"}, texts(heard(ear)))
	assert.True(t, alice.Hungry())
}

// In a room where somebody has fallen behind who reads, those who talk wait. They look once in a turn.
func TestHear_waitsUntilOthersHaveCaughtUp(t *testing.T) {
	h := hub.New(hub.Config{Capacity: 16})
	alice, ear, slow := enter(t, h, "alice", client.Settings{}), listen(t, h), h.Enter(hub.Entry{Name: "slow"})
	defer slow.Leave()
	alice.told()
	for range 9 {
		say(ear, "hello")
	}
	alice.told()
	heard(ear)
	alice.types(strings.Repeat("\n", 3*client.Turn) + "done\n") // empty lines take time and say nothing
	for range 10 {
		alice.Listen()
		require.False(t, alice.Hungry(), "somebody has nine messages to read, and half of 16 is the limit")
	}
	_, more := alice.Unheard()
	require.True(t, more)
	require.Empty(t, heard(ear))

	heard(slow)
	alice.serve()
	assert.True(t, alice.Hungry())
	assert.Equal(t, []string{"done"}, texts(heard(ear)))
}

// In a flood there is always more to read than is good. What the client says is heard a line at a time, its
// /quit at last.
func TestHear_hearsWhoIsInAFlood(t *testing.T) {
	h := hub.New(hub.Config{Capacity: 64})
	alice, ear, flooder := enter(t, h, "alice", client.Settings{}), listen(t, h), h.Enter(hub.Entry{Name: "flooder"})
	defer flooder.Leave()
	alice.told()
	flood := func() { // while alice is being written to
		alice.Member().Busy(true)
		defer alice.Member().Busy(false)
		for range 40 {
			require.False(t, flooder.TooFast(), "nobody waits for one who is being written to")
			say(flooder, "and so on")
			heard(flooder)
			heard(ear)
		}
		require.True(t, alice.Member().Behind(), "40 messages wait for it, and half of 64 is the limit")
	}
	const count = 100
	flood()
	alice.types(numbered(0, count) + "/quit\n")
	said, told := texts(heard(ear)), ""
	for rounds := 1; ; rounds++ {
		// Once in a turn it looks who has fallen behind, and finds itself.
		require.LessOrEqual(t, rounds, 2*count, "in a flood not even every second look at it takes a line: %d so far", len(said))
		told = alice.told()
		if over, _ := alice.Over(); over {
			break
		}
		flood()
		before := len(said)
		alice.Listen()
		said = append(said, texts(heard(ear))...)
		require.LessOrEqual(t, len(said)-before, 1, "more than a line at a time, while it has much to read")
	}
	assert.Equal(t, strings.Fields(numbered(0, count)), said)
	assert.Contains(t, told, "* goodbye\n")
}

// What a line means depends on the answers before it: /leave in #go goes to the lobby, and there it is a mistake.
func TestHear_waitsUntilAnAnswerWasTaken(t *testing.T) {
	h := roomy()
	alice := enter(t, h, "alice", client.Settings{})
	alice.types("/join go\n/leave\n/leave\n/who\n")
	for _, answer := range []string{
		"* you are in #go, alone\n",
		"* you are in #lobby, alone\n",
		"* you are in #lobby: there is no way back from here but /quit\n",
		"* 1 person in #lobby: alice\n",
	} {
		alice.Listen()
		alice.Listen()
		require.False(t, alice.Hungry(), "an answer waits")
		require.Equal(t, answer, alice.told(), "one answer at a time")
	}
	alice.Listen()
	assert.True(t, alice.Hungry())
}

// Others must not be able to keep it from talking.
func TestHear_doesNotWaitForWhispers(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	whisper(ear, "alice", "psst")
	alice.types("one\ntwo\n")
	assert.Equal(t, []string{"one", "two"}, texts(heard(ear)))
	assert.True(t, alice.Hungry())
	assert.Equal(t, "[ear -> alice] psst\n", alice.told())
}

func TestHear_refusesLinesThatAreTooLong(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	long, longest := strings.Repeat("x", maxLine+1)+"\n", strings.Repeat("y", maxLine)
	alice.types(long)
	assert.Equal(t, "* your line was too long and nobody has got it\n", alice.told())
	alice.types(long + longest + "\n" + long + long)
	assert.Equal(t, "* 3 of your lines were too long and nobody has got them\n", alice.told())
	assert.Empty(t, alice.told(), "once is enough")
	assert.Equal(t, []string{longest}, texts(heard(ear)), "the one between was not too long")
}

// A line that is too long costs a token like any other: else it would be a way to keep the server busy.
func TestHear_limitsLinesThatAreTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := roomy()
		alice := enter(t, h, "alice", client.Settings{Rate: 1, Burst: 2})
		alice.types(strings.Repeat(strings.Repeat("x", maxLine+1)+"\n", 5))
		alice.Listen()
		assert.Equal(t, "* 2 of your lines were too long and nobody has got them\n", alice.told())
		start := time.Now()
		told := alice.serve()
		assert.Equal(t, 3, strings.Count(told, "* your line was too long and nobody has got it\n"))
		assert.InDelta(t, 4, time.Since(start).Seconds(), 0.01, "three more, and the token of the line that is to come")
	})
}

func TestHear_endsWhenTheClientBreaksItsProtocol(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	say(ear, "hello")
	alice.codec.broken = errors.New("no such frame")
	alice.types("rubbish")
	assert.False(t, alice.Hungry(), "nothing more can come from it")
	_, more := alice.Unheard()
	assert.False(t, more)
	assert.Equal(t, "[ear] hello\n<end>\n", alice.told(), "what was pending, and then the codec's last word")
	over, err := alice.Over()
	assert.True(t, over)
	assert.Equal(t, alice.codec.broken, err)
	assert.Equal(t, []error{alice.codec.broken}, alice.codec.ends, "the codec is told why")
}

var _ session.Codec = (*probe)(nil)
