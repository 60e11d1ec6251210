package progress

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/grade"
	"example.com/async/docs/progress/gradetest"
)

// check runs Check without watching.
func check(t *testing.T, root, what string) (out string, done bool) {
	t.Helper()
	var b strings.Builder
	done, err := Check(t.Context(), &b, root, what, false)
	require.NoError(t, err)
	return withoutNotes(b.String()), done
}

// withoutNotes leaves out what depends on the machine: whether the race detector is usable.
func withoutNotes(out string) string {
	if strings.HasPrefix(out, "Graded without ") {
		_, out, _ = strings.Cut(out, "\n")
	}
	return out
}

func TestCheck_gradesWhatIsAskedFor(t *testing.T) {
	root := gradetest.New(t).Four().Root

	out, done := check(t, root, "")
	require.False(t, done)
	require.Equal(t, ""+
		"   1.1  done             finish it\n"+
		"   1.2  red              fail it\n"+
		"       one: F does not return 1\n"+
		"   1.3  not started      wait it\n"+
		"   1.4  does not compile stumble it\n"+
		"       step01-x/exercises/stumble/exercise.go:6:23: undefined: x\n"+
		"\n1 of 4 done\n"+
		"Next: step01-x/exercises/fail/exercise.go\n"+
		"      go run ./docs check 1.2\n", strings.ReplaceAll(out, `\`, "/"))

	out, done = check(t, root, "1.2")
	require.False(t, done)
	require.Equal(t, ""+
		"   1.2  red              fail it\n"+
		"       one: F does not return 1\n"+
		"         it returned another number\n"+
		"       rule: F returns 1 (this test)\n"+
		"       hint: 0 and 2 are not 1\n", out, "the whole ladder, for who asks for one alone")

	out, done = check(t, root, "step01-x/exercises/finish")
	require.True(t, done)
	require.Equal(t, ""+
		"   1.1  done             finish it\n"+
		"\nCompare it with step01-x/exercises/finish/solution.go\n", strings.ReplaceAll(out, `\`, "/"))
}

func TestCheck_knowsWhatIsMisuse(t *testing.T) {
	root := gradetest.New(t).Four().Root
	for _, what := range []string{"2", "1.5", "step01-y", "step01-x/exercises/none", "../step01-x", "finish", "x"} {
		_, err := Check(t.Context(), io.Discard, root, what, false)
		require.ErrorIs(t, err, ErrUnknown, what)
	}
	_, err := Check(t.Context(), io.Discard, t.TempDir(), "", false)
	require.ErrorContains(t, err, "no exercises")
}

func TestParseAsked(t *testing.T) {
	join := grade.Exercise{Step: 3, Number: 2, Dir: "step03-statemachine/exercises/join"}
	for what, want := range map[string]bool{
		"": true, "3": true, "03": true, "step3": true, "step03": true, "step03-statemachine": true, "./step03-statemachine/": true,
		"3.2": true, "step03-statemachine/exercises/join": true, "./step03-statemachine/exercises/join/": true,
		"step03-statemachine/exercises/join/exercise.go": true,

		"1": false, "33": false, "3.1": false, "3.20": false, "13.2": false, "step03-tcp": false, "99999999999999999999": false,
		"step03-statemachine/exercises": false, "step03-statemachine/exercises/joi": false, "join": false,
	} {
		require.Equal(t, want, parseAsked(what)(join), what)
	}
}

// A terminal is what was printed. It may be written and read at the same time.
type terminal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *terminal) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestCheck_watches(t *testing.T) {
	repository := gradetest.New(t)
	repository.Exercise("fail", "1.1", "func F() int { return 2 }", gradetest.Judge)
	repository.Exercise("wait", "1.2", gradetest.Untouched, gradetest.Judge)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	screen := new(terminal)
	status := make(chan bool, 1)
	go func() {
		done, err := Check(ctx, screen, repository.Root, "1", true)
		status <- done && err == nil
	}()
	shows := func(text string) {
		t.Helper()
		require.Eventually(t, func() bool { return strings.Contains(screen.String(), text) }, time.Minute, 10*time.Millisecond, text)
	}
	shows("0 of 2 done\n")
	shows("Ctrl-C ends this.\n")
	repository.Answer("fail", "1.1", "func F() int { return 3 }")
	shows("ends this.\n   1.1  red              fail it\n") // it is red as before, and that is said
	repository.Answer("fail", "1.1", "func F() int { return 1 }")
	shows("   1.1  done             fail it\n\n1 of 2 done\nNext: write your answer at step01-x/exercises/wait/exercise.go:8, in F\n")
	repository.Exercise("wait", "1.2", "func F() int { return 1 }", gradetest.Judge)
	shows("\n2 of 2 done\n")
	stop()
	require.True(t, <-status, "all is done when it ends")
}
