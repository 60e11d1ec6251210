package grade

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/gradetest"
	"example.com/async/internal/lesson"
)

// The whole way, with the real go command.
func TestGrader(t *testing.T) {
	repository := gradetest.New(t).Four()
	repository.Exercise("hang", "1.5", "func F() int { select {} }", gradetest.Judge)
	exercises, err := Find(os.DirFS(repository.Root))
	require.NoError(t, err)
	require.Len(t, exercises, 5)
	g := &Grader{Root: repository.Root, limit: time.Second}

	of := func(number int) Grade {
		grade, err := g.Grade(t.Context(), exercises[number-1])
		require.NoError(t, err)
		return grade
	}
	require.Equal(t, Grade{State: Done, Cases: []Case{{Name: "compiles"}, {Name: "one"}}}, of(1))
	require.Equal(t, Grade{State: Red, Why: "one: F does not return 1", Cases: []Case{{Name: "compiles"}, {
		Name: "one", Sentence: "F does not return 1", Details: "  it returned another number",
		Rule: "F returns 1 (this test)", Hint: "0 and 2 are not 1",
	}}}, of(2))
	require.Equal(t, Grade{State: NotStarted, Why: "write your answer at exercise.go:8, in F"}, of(3))
	require.Equal(t, Grade{State: DoesNotCompile, Why: "step01-x/exercises/stumble/exercise.go:6:23: undefined: x"}, of(4))
	hung := of(5)
	require.Equal(t, "one: it hangs: after 1s the test had not ended, and was stopped", hung.Why)
	require.Empty(t, hung.FirstFailed().Details, "the goroutines of the test say nothing to a learner")

	for i, e := range exercises {
		grade, untouched := g.Untouched(e)
		require.Equal(t, i == 2, untouched, e.Dir)
		if untouched {
			require.Equal(t, Grade{State: NotStarted, Why: "write your answer at step01-x/exercises/wait/exercise.go:8, in F"}, grade)
		}
	}
}

// A learner who saves again while the test hangs shall not wait for it, and nothing of it goes on.
func TestGrader_stopsAllItHasStarted(t *testing.T) {
	repository := gradetest.New(t)
	running := filepath.Join(repository.Root, "running")
	repository.Exercise("hang", "1.1", `import ("net"; "os")

func F() int {
`+listens(running)+`
	select {}
}`, gradetest.Judge)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		_, err := (&Grader{Root: repository.Root}).Grade(ctx, Exercise{Dir: "step01-x/exercises/hang"})
		ended <- err
	}()
	require.Eventually(t, func() bool { _, err := os.Stat(running); return err == nil }, time.Minute, 10*time.Millisecond)
	stop()
	require.ErrorIs(t, <-ended, context.Canceled)
	isGone(t, running)
}

// Nor does what a test that has ended has started.
func TestGrader_endsWhatATestLeavesBehind(t *testing.T) {
	repository := gradetest.New(t)
	running := filepath.Join(repository.Root, "running")
	repository.Exercise("leave", "1.1", `import ("net"; "os"; "os/exec"; "time")

func F() int {
	if os.Getenv("CHILD") != "" {
`+listens(running)+`
		select {}
	}
	child := exec.Command(os.Args[0], "-test.run=TestExercise")
	child.Env = append(os.Environ(), "CHILD=1")
	if child.Start() != nil { return 3 }
	for {
		if _, err := os.Stat(`+"`"+running+"`"+`); err == nil { return 1 }
		time.Sleep(time.Millisecond)
	}
}`, gradetest.Judge)
	grade, err := (&Grader{Root: repository.Root}).Grade(t.Context(), Exercise{Dir: "step01-x/exercises/leave"})
	require.NoError(t, err)
	require.Equal(t, Done, grade.State, grade.Why)
	isGone(t, running)
}

// listens is Go code that listens, and notes its address in a file, whole or not at all.
func listens(file string) string {
	return "l, _ := net.Listen(`tcp`, `127.0.0.1:0`); os.WriteFile(`" + file + ".draft`, []byte(l.Addr().String()), 0o644); os.Rename(`" + file + ".draft`, `" + file + "`)"
}

// isGone waits until nobody listens at the address in a file.
func isGone(t *testing.T, file string) {
	t.Helper()
	address, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", string(address))
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, 10*time.Second, 10*time.Millisecond, "it still runs")
}

// The messages of the real suites are taken apart as package lesson puts them together.
func TestGrader_readsTheMessagesOfTheRealSuites(t *testing.T) {
	lesson.PlainOnly(t, "it builds an exercise of step 1 with a wrong answer")
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	dir := t.TempDir()
	answer := filepath.Join(dir, "answer.go")
	require.NoError(t, os.WriteFile(answer, []byte(`//go:build solution

package echo

import (
	"context"
	"net"
)

func Echo(_ context.Context, conn net.Conn) error {
	piece := make([]byte, 100)
	n, err := conn.Read(piece)
	if err == nil {
		_, err = conn.Write(piece[:n])
	}
	return err
}
`), 0o644))
	e := Exercise{Dir: "step01-tcp/exercises/echo"}
	overlay := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(overlay, []byte(`{"Replace": {`+quote(filepath.Join(root, e.Solution()))+`: `+quote(answer)+`}}`), 0o644))

	// In the place of the solution, because exercise.go is the learner's, and may be untouched.
	g := &Grader{Root: root, flags: []string{"-tags", "solution", "-overlay", overlay}}
	grade, err := g.Grade(t.Context(), e)
	require.NoError(t, err)
	failed := grade.FirstFailed()
	require.NotNil(t, failed, grade.Why)
	require.Equal(t, "echo", failed.Name)
	require.NotContains(t, failed.Sentence, root)
	require.Regexp(t, `\(.+\)$`, failed.Rule)
	require.NotEmpty(t, failed.Hint)
}

func quote(path string) string { return `"` + filepath.ToSlash(path) + `"` }
