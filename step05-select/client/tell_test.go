package client_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
)

// fullWrite is about how many bytes are written at once, and large is a text that fills a write alone.
const fullWrite = 16 << 10

var large = strings.Repeat("x", fullWrite)

// Answers must not wait behind what others say.
func TestTell_givesWhatIsForTheClientAloneFirst(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	say(ear, "hello")
	whisper(ear, "alice", "psst")
	alice.types("/who\n")
	assert.Equal(t, "[ear -> alice] psst\n* 2 people in #lobby: alice, ear\n[ear] hello\n", alice.told())
	assert.Empty(t, alice.told())
}

// What was said in a room comes before what is said in the next one, also when it is more than one write.
func TestTell_givesTheRestOfARoomBeforeTheNextRoom(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	other := h.Enter(hub.Entry{Name: "other", Room: "#go"})
	defer other.Leave()
	say(other, "said before")
	want := ""
	for range 3 {
		say(ear, large)
		want += "[ear] " + large + "\n"
	}
	alice.types("/join go\n")
	say(other, "said after")
	say(ear, "said elsewhere")
	want += "* you are in #go, with 1 other\n* said before you came: 1 message\n[other] said before\n[other] said after\n"
	assert.Equal(t, want, alice.toldAll(t))
}

// A client that does not read must not make the server hold much for it.
func TestTell_writesNotMuchMoreThan16KiBAtOnce(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	const count = 40
	text := strings.Repeat("y", 1000)
	line := "[ear] " + text + "\n"
	for range count {
		say(ear, text)
	}
	perWrite := fullWrite/len(line) + 1
	for left := count; left > 0; left -= perWrite {
		require.Equal(t, min(left, perWrite)*len(line), len(alice.told()), "%d messages are left; as many as fill 16 KiB are written", left)
	}
	assert.Empty(t, alice.told())
}

// What it does not want to see is taken all the same, or it would fall behind.
func TestTell_takesWhatIsHiddenWithoutAWord(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.types("/mute\n/ignore ear\n")
	require.Contains(t, alice.serve(), "* what ear says is hidden")
	before := h.Stats().Delivered.Load()
	other := h.Enter(hub.Entry{Name: "other"})
	say(other, "shown")
	say(ear, "hidden")
	whisper(ear, "alice", "hidden")
	other.Leave()
	assert.Equal(t, 4, alice.Member().Pending(), "somebody has come and gone, and two things were said")
	assert.Equal(t, "[other] shown\n", alice.told())
	assert.Zero(t, alice.Member().Pending())
	assert.EqualValues(t, 1, h.Stats().Delivered.Load()-before, "messages of the room that it has seen")
}

// In place of what it was too slow for, it is told how much that was.
func TestTell_saysWhatWasMissed(t *testing.T) {
	h := hub.New(hub.Config{Capacity: 16})
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	for range 20 {
		say(ear, "hello")
	}
	assert.Equal(t, "* you missed 4 messages\n"+strings.Repeat("[ear] hello\n", 16), alice.told())
	assert.EqualValues(t, 4, h.Stats().Missed.Load())
}

// AppendPending appends: what is in the buffer already stays.
func TestTell_appends(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	say(ear, large)
	say(ear, large)
	before := strings.Repeat("z", 2*fullWrite)
	assert.Equal(t, before+"[ear] "+large+"\n", string(alice.AppendPending([]byte(before))), "a write of its own, whatever is before it")
}

// The bytes of a message are shared by all who get it: to tell one of them costs a copy, and nothing else.
func TestTell_allocatesNothing(t *testing.T) {
	const runs = 100
	h := hub.New(hub.Config{Capacity: 256, History: -1})
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	buffer := alice.AppendPending(make([]byte, 0, 2*fullWrite))
	for range runs + 1 { // one is for the run that warms up
		say(ear, large)
	}
	allocs := testing.AllocsPerRun(runs, func() { buffer = alice.AppendPending(buffer[:0]) })
	assert.Zero(t, allocs, "allocations for a message that is written down already")
	assert.Equal(t, "[ear] "+large+"\n", string(buffer))
	assert.Empty(t, alice.told(), "each run has told one")
	allocs = testing.AllocsPerRun(runs, func() { buffer = alice.AppendPending(buffer[:0]) })
	assert.Zero(t, allocs, "allocations when there is nothing to tell")
}

// Its heading is no message.
func TestTell_countsWhatWasSaidBeforeAsDelivered(t *testing.T) {
	h := roomy()
	ear := listen(t, h)
	say(ear, "one")
	say(ear, "two")
	before := h.Stats().Delivered.Load()
	enter(t, h, "alice", client.Settings{})
	assert.EqualValues(t, 2, h.Stats().Delivered.Load()-before)
}

// A notice of the old room, for a line that was meant for it.
func TestTell_saysThatALineWasRefusedBeforeTheNextRoom(t *testing.T) {
	alice := enter(t, roomy(), "alice", client.Settings{})
	alice.told()
	alice.types(large[:maxLine+1] + "\n/join go\n")
	assert.Equal(t, "* your line was too long and nobody has got it\n* you are in #go, alone\n", alice.told())
}
