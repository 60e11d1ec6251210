package idle_test

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// A client is a Loop that runs, and all that happens to it.
type client struct {
	t               lesson.T
	began           time.Time
	lines, messages chan string
	over            chan struct{} // closed when the case is over: nobody types any more
	typing          sync.WaitGroup
	leave           func() // closes lines

	mu      sync.Mutex
	log     []string // "1m0s write hello"
	silent  bool     // nothing is logged
	patient time.Duration
}

// start runs Loop. patient is how long each write of a message takes; that of the question takes no time.
func start(t lesson.T, loop loopFunc, patient time.Duration) *client {
	c := &client{t: t, began: time.Now(), lines: make(chan string), messages: make(chan string), over: make(chan struct{}), patient: patient}
	c.leave = sync.OnceFunc(func() {
		close(c.over)
		c.typing.Wait()
		close(c.lines)
	})
	t.Cleanup(c.leave)
	go func() {
		err := loop(c.lines, c.messages, c.say, c.write)
		c.note("return", fmt.Sprint(err))
	}()
	return c
}

func (c *client) say(text string) { c.note("say", text) }

func (c *client) write(text string) {
	c.note("write", text)
	if c.patient > 0 && text != question {
		time.Sleep(c.patient)
	}
}

func (c *client) note(what, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.silent {
		c.log = append(c.log, fmt.Sprintf("%v %s %s", time.Since(c.began), what, text))
	}
}

// at lets time pass until d after the beginning.
func (c *client) at(d time.Duration) {
	time.Sleep(time.Until(c.began.Add(d)))
}

func (c *client) types(line string) {
	c.t.Helper()
	c.sends(c.lines, line, "the client types a line")
}

// typesAt types a line at that time, which is to come, and waits for Loop to receive it.
func (c *client) typesAt(d time.Duration, line string) {
	c.typing.Go(func() {
		c.at(d)
		select {
		case c.lines <- line:
		case <-c.over:
		}
	})
}

func (c *client) hears(message string) {
	c.t.Helper()
	c.sends(c.messages, message, "the room says something")
}

func (c *client) sends(to chan<- string, text, sentence string) {
	c.t.Helper()
	select {
	case to <- text:
	case <-time.After(time.Hour / 2): // virtual time: it passes only when nobody can go on
		require.Fail(c.t, fmt.Sprintf("Loop does not receive it; so far: %q", c.soFar()), sentence)
	}
}

func (c *client) soFar() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.log)
}

// wants wants exactly this to have happened.
func (c *client) wants(sentence string, want ...string) {
	c.t.Helper()
	lesson.Rest(c.t)
	if got := c.soFar(); len(got)+len(want) > 0 {
		require.Equal(c.t, want, got, sentence)
	}
}
