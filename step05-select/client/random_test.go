package client_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/client"
)

// Whatever an engine does first, and however the bytes are cut: each line is said once or told of as refused, in order, and
// each message that others say is told once, in order.
func TestClient_losesNothingWhateverComesFirst(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) { talkAtRandom(t, seed) })
	}
}

func talkAtRandom(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{Rate: 20, Burst: 5}), listen(t, h)
	alice.told()

	const count = 400 // 20 seconds' worth: twice as long as it may talk
	var text strings.Builder
	for i := range count {
		fmt.Fprint(&text, i)
		if random.IntN(10) == 0 {
			text.WriteString(strings.Repeat("x", maxLine))
		}
		text.WriteString([]string{"\n", "\r\n"}[random.IntN(2)])
	}
	unread, told := text.String(), ""
	asked, spoken := 0, 0 // by others
	for unread != "" || !alice.Hungry() {
		at, more := alice.Unheard()
		require.NotEqual(t, more, alice.Hungry(), "seed %d: either there is more to hear or more is to be read", seed)
		switch random.IntN(5) {
		case 0:
			told += alice.told()
		case 1:
			say(ear, strconv.Itoa(spoken))
			spoken++
		case 2:
			whisper(ear, "alice", strconv.Itoa(asked))
			told += alice.told() // so that not more wait than may
			asked++
		case 3:
			if n := min(len(unread), 1+random.IntN(200)); alice.Hungry() && n > 0 {
				alice.types(unread[:n])
				unread = unread[n:]
			}
		case 4:
			if more {
				time.Sleep(time.Until(at))
				alice.Listen()
			}
		}
	}
	alice.HearEnd(nil)
	told += alice.told()

	require.Equal(t, numbered(0, spoken), numbersIn(told, `\[ear\] (\d+)`), "seed %d: what was said in the room", seed)
	require.Equal(t, numbered(0, asked), numbersIn(told, `\[ear -> alice\] (\d+)`), "seed %d: what was whispered", seed)
	through, last := 0, -1
	for _, m := range heard(ear) {
		if m.From != "alice" {
			continue
		}
		n, err := strconv.Atoi(m.Text)
		require.NoError(t, err, "seed %d: a line is said whole, and none that is too long", seed)
		require.Greater(t, n, last, "seed %d: in order, and once", seed)
		through, last = through+1, n
	}
	refused := 0
	for _, found := range refusal.FindAllStringSubmatch(told, -1) {
		n, err := strconv.Atoi(found[1])
		if err != nil {
			n = 1 // "your line"
		}
		refused += n
	}
	require.Contains(t, told, "too much", "seed %d: it has talked for twice as long as it may", seed)
	require.Contains(t, told, "too long", "seed %d: a tenth of its lines are", seed)
	require.Equal(t, count, through+refused, "seed %d: lines that were said, and lines of which it was told that nobody has got them", seed)
}

// refusal is a notice that lines were too long, or too many.
var refusal = regexp.MustCompile(`(?m)^\* (?:you talk too much: nobody has got )?(?:your line|(\d+) of your lines)\b.*$`)

// numbersIn returns each number that a whole line of the text has at that place, on a line of its own.
func numbersIn(text, pattern string) string {
	var numbers strings.Builder
	for _, found := range regexp.MustCompile(`(?m)^`+pattern+`$`).FindAllStringSubmatch(text, -1) {
		numbers.WriteString(found[1] + "\n")
	}
	return numbers.String()
}
