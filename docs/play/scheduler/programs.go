package scheduler

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"example.com/async/step03-statemachine/explore"
)

// A program is what the reader can schedule.
type program struct {
	name  string
	title string
	about string // what there is to try
	fault string // why it loses a wake-up, if it does
	file  string // where its region stands
	clock bool   // whether it needs one
	play  func(s *stage)
}

var programs = []program{
	{
		name: "hasty", title: "Look, then register (wrong)", file: "wrong.go", play: hasty,
		about: "A task waits for an event. Each of the two has two steps, which can mix in five ways. " +
			"One of the five loses the wake-up: can you find it?",
		fault: "The event came between its look and its registration: it found no waker, and it does not come twice.",
	},
	{
		name: "careful", title: "Register, then look", file: "wrong.go", play: careful,
		about: "The same with the two steps of the task exchanged. Try to lose the wake-up now.",
	},
	{
		name: "forgetful", title: "The article's Delay (wrong)", file: "wrong.go", play: forgetful, clock: true,
		about: "Two tasks wait for 10 ms: tea with the timers of step 3, hello with the Delay that keeps no waker. " +
			"Poll both, turn the clock, and see who is woken.",
		fault: "Its Delay has kept no waker, so no order of steps can wake it.",
	},
	{
		name: "counters", title: "Two counters that yield", file: "right.go", play: counters,
		about: "Each counts to three, and after each number wakes itself. A task that does so is queued again at once, " +
			"and you choose who is next.",
	},
	{
		name: "hello", title: "DelayHello, and another task", file: "right.go", play: hello, clock: true,
		about: "hello sets a timer in its first poll. Until the clock is turned it is in no queue, and can't be polled.",
	},
	{
		name: "breakfast", title: "A Join of two delays", file: "right.go", play: breakfast, clock: true,
		about: "One task, two timers. Turn the clock once or twice before you poll again: how many polls does it take?",
	},
	{
		name: "letter", title: "A letter from task to task", file: "right.go", play: letter,
		about: "The sender waits for a key, the receiver for the sender. Let the key come early, late, and in between.",
	},
}

// Program returns the program of that name, for a test that plays a schedule again. A name that is none is a
// mistake in the test: it panics.
func Program(name string) explore.Program {
	p := programOf(name)
	if p == nil {
		panic(fmt.Sprintf("scheduler: there is no program %q", name))
	}
	return func(w *explore.World) { newStage(w, p) }
}

func programOf(name string) *program {
	i := slices.IndexFunc(programs, func(p program) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return &programs[i]
}

//go:embed right.go wrong.go
var sources embed.FS

// source returns what stands in the program's region of its file.
func (p *program) source() string {
	text, _ := sources.ReadFile(p.file) // embedded, so it can be read
	all := strings.ReplaceAll(string(text), "\r\n", "\n")
	_, after, _ := strings.Cut(all, "// region "+p.name+"\n")
	region, _, _ := strings.Cut(after, "// endregion")
	return strings.TrimSpace(region) + "\n"
}
