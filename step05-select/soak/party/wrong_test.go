package party

import (
	"bytes"
	"cmp"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/hub"
)

// A wrong server is the right one with a fault between it and its terminals.
type wrong struct {
	// alter returns what a client gets instead of a line.
	alter func(c *wrongConn, line string) string
	// came and gone are called when a client has come, and when its connection is closed.
	came, gone func(t *testing.T, h *hub.Hub)
	says       string

	rounds   int           // 0: 1
	patience time.Duration // 0: enough for all that comes
}

// nth says that it is time to do wrong: not always, or nobody could come.
func (c *wrongConn) nth(line string) bool {
	if !strings.Contains(line, "] ~") || strings.HasPrefix(line, "*") || strings.Contains(line, " -> ") {
		return false
	}
	c.lines++
	return c.lines%10 == 0
}

var wrongs = map[string]wrong{
	"drops a line": {says: "1 messages were said and 0 people moved, of which it was told 0", alter: func(c *wrongConn, line string) string {
		if c.nth(line) {
			return ""
		}
		return line
	}},
	"doubles a line": {says: "has heard line", alter: func(c *wrongConn, line string) string {
		if c.nth(line) {
			return line + line
		}
		return line
	}},
	"swaps two lines": {says: "has heard line", alter: func(c *wrongConn, line string) string {
		if c.late == "" && c.nth(line) {
			c.late = line
			return ""
		}
		line += c.late
		c.late = ""
		return line
	}},
	"changes a text": {says: "and that was", alter: func(c *wrongConn, line string) string {
		return strings.Replace(line, "and so on", "and so forth", 1)
	}},
	"lets an escape sequence through": {says: "what a terminal obeys", alter: func(c *wrongConn, line string) string {
		return strings.Replace(line, "\uFFFD[31m", "\x1b[31m", 1)
	}},
	"tells one room what was said in another": {says: ", which was said in #", alter: func(c *wrongConn, line string) string {
		switch {
		case !c.witness: // who talks in both would hear himself
		case c.nth(line):
			return line + c.of.elsewhere()
		case strings.HasPrefix(line, "[") && !strings.Contains(line, " -> "):
			c.of.heard(line)
		}
		return line
	}},
	"tells of too few that were missed": {says: "and that it has missed 2", alter: func(c *wrongConn, line string) string {
		switch {
		case !strings.HasPrefix(line, "[") || strings.Contains(line, " -> "):
			return line
		case c.dropping == 1:
			c.dropping = 0
			return "* you missed 2 messages\n"
		case c.dropping > 1:
			c.dropping--
			return ""
		case c.nth(line):
			c.dropping = 2
			return ""
		}
		return line
	}},
	"tells of one too many that was missed": {says: "and that it has missed 2", alter: func(c *wrongConn, line string) string {
		if c.nth(line) {
			return "* you missed 2 messages\n"
		}
		return line
	}},
	"forgets who has left": {says: "people moved, of which", alter: func(c *wrongConn, line string) string {
		if strings.HasPrefix(line, "* ") && strings.Contains(line, " has left ") {
			return ""
		}
		return line
	}},
	"says it to who has said it": {says: "was told what it has said itself", alter: func(c *wrongConn, line string) string {
		said := c.said
		c.said = ""
		if said != "" {
			return line + "[me] " + said
		}
		return line
	}},
	"gives a name twice": {says: "and client ", alter: func(c *wrongConn, line string) string {
		if strings.HasPrefix(line, "* you can't be called that: somebody") {
			return "* you are now called " + c.wanted
		}
		return line
	}},
	"lists a name twice": {says: "are both in", alter: func(c *wrongConn, line string) string {
		if strings.Contains(line, " people in #") {
			return strings.TrimSuffix(line, "\n") + ", GUEST1, guestl\n"
		}
		return line
	}},
	"answers no question": {patience: time.Second, says: "/who: no answer came", alter: func(c *wrongConn, line string) string {
		if strings.Contains(line, " people in #") {
			return ""
		}
		return line
	}},
	"loses a whisper": {says: "has never got it", alter: func(c *wrongConn, line string) string {
		if strings.Contains(line, " -> ") && strings.Contains(line, "~") && c.witness {
			return ""
		}
		return line
	}},
	"refuses who says little": {says: "has stayed within the rate", alter: func(c *wrongConn, line string) string {
		if c.nth(line) {
			return line + "* you talk too much: nobody has got your line\n"
		}
		return line
	}},
	"stops without a word": {says: "has not told", alter: func(c *wrongConn, line string) string {
		if strings.HasPrefix(line, "* the server stops") {
			return ""
		}
		return line
	}},
	"leaves a goroutine": {patience: time.Second, says: "more goroutines", gone: func(t *testing.T, _ *hub.Hub) {
		ended := make(chan struct{})
		t.Cleanup(func() { close(ended) })
		go func() { <-ended }()
	}},
	"leaves a file": {patience: time.Second, says: "more open files", gone: func(t *testing.T, _ *hub.Hub) {
		if _, err := os.ReadDir("/dev/fd"); err != nil {
			t.Skip("this system doesn't tell")
		}
		file, err := os.Open(os.DevNull)
		assert.NoError(t, err)
		t.Cleanup(func() { file.Close() })
	}},
	"leaves a name and a room": {patience: time.Second, says: "the name anna is still taken", came: func(t *testing.T, h *hub.Hub) {
		h.Enter(hub.Entry{Name: "anna", Room: "#ghosts"})
	}},
	"keeps what it needs no more": {rounds: 2, says: "has grown by", gone: func(t *testing.T, _ *hub.Hub) {
		kept := bytes.Repeat([]byte("x"), 1<<20)
		t.Cleanup(func() { kept[0]++ })
	}},
}

func TestRun_findsWhatAServerDoesWrong(t *testing.T) {
	lesson.PlainOnly(t, "it soaks twenty wrong servers")
	for name, wrong := range wrongs {
		t.Run(name, func(t *testing.T) {
			const most = 6 // of several soaks, each longer than the one before, one meets a fault that is seldom
			var faults []string
			for seed := uint64(1); seed <= most; seed++ {
				faults = append(faults, wrong.faults(t, seed)...)
				if strings.Contains(strings.Join(faults, "\n"), wrong.says) {
					return
				}
			}
			assert.Fail(t, "the fault is not found", "no fault says %q, of these:\n%s", wrong.says, strings.Join(faults, "\n"))
		})
	}
}

// faults returns what a short soak finds.
func (w wrong) faults(t *testing.T, seed uint64) []string {
	var first sync.Once
	result, err := Run(t.Context(), Options{
		Engine: "goroutine", Duration: time.Duration(seed) * 400 * time.Millisecond, Rounds: cmp.Or(w.rounds, 1), Clients: 30, Seed: seed,
		Patience: cmp.Or(w.patience, 5*time.Second), Drain: 100 * time.Millisecond,
		Wrap: func(h *hub.Hub, listener net.Listener) net.Listener {
			first.Do(func() { listener = &wrongListener{Listener: listener, wrong: w, t: t, hub: h} })
			return listener
		},
	})
	require.NoError(t, err)
	return result.Faults
}
