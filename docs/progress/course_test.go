package progress

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/progress/grade"
	"example.com/async/docs/progress/gradetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The regular expressions of chroma share a clock, which stops by itself.
		goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

// never is for tests of what the watcher sees: they must not pass because of a look from time to time.
const never = time.Hour

// start runs a course until the test ends.
func start(t *testing.T, root string, lookAnyway time.Duration) *Course {
	t.Helper()
	course, err := New(root)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		course.run(ctx, lookAnyway)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return course
}

// until waits until a snapshot is as wanted.
func until(t *testing.T, course *Course, wanted func(Snapshot) bool) Snapshot {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	snapshot := course.Snapshot()
	for !wanted(snapshot) {
		var err error
		if snapshot, err = course.Wait(ctx, snapshot.Revision); err != nil {
			t.Fatalf("it never came to this; last was %+v", course.Snapshot())
		}
	}
	return snapshot
}

// is says that exercise 1.number is in this state.
func is(number int, state grade.State) func(Snapshot) bool {
	return func(s Snapshot) bool {
		item := s.Items[number-1]
		return item.Graded && !item.Waiting && item.State == state
	}
}

func TestCourse_followsTheLearner(t *testing.T) {
	repository := gradetest.New(t).Four()
	course := start(t, repository.Root, never)
	snapshot := course.Snapshot()
	require.Equal(t, "not started", snapshot.Items[2].Status(), "known without a test")

	snapshot = until(t, course, Snapshot.Settled)
	for i, state := range []grade.State{grade.Done, grade.Red, grade.NotStarted, grade.DoesNotCompile} {
		require.Equal(t, state, snapshot.Items[i].State, snapshot.Items[i].Why)
	}
	require.Equal(t, 1, snapshot.Done())
	next, found := snapshot.Next()
	require.True(t, found)
	require.Equal(t, "1.2", next.Name())
	require.Equal(t, "0 and 2 are not 1", next.FirstFailed().Hint)

	// The learner mends it, and saves a file that is no code.
	repository.Answer("fail", "1.2", "func F() int { return 1 }")
	until(t, course, is(2, grade.Done))
	repository.Write("step01-x/exercises/fail/notes.txt", "done")

	// And begins the next one, with a hang, which must not keep the answer after it waiting: its own end would
	// come after two minutes.
	running := filepath.Join(repository.Root, "running")
	repository.Exercise("wait", "1.3", "import \"os\"\n\nfunc F() int {\n\tos.WriteFile(`"+running+"`, nil, 0o644)\n\tselect {}\n}", gradetest.Judge)
	require.Eventually(t, func() bool { _, err := os.Stat(running); return err == nil }, time.Minute, 10*time.Millisecond)
	require.True(t, course.Snapshot().Items[2].Waiting)
	repository.Answer("wait", "1.3", "func F() int { return 1 }")
	until(t, course, is(3, grade.Done))

	// And takes it all back.
	repository.Answer("wait", "1.3", gradetest.Untouched)
	until(t, course, is(3, grade.NotStarted))
}

func TestCourse_gradesAgainWhenAsked(t *testing.T) {
	repository := gradetest.New(t)
	repository.Exercise("lean", "1.1", "import \"example.test/fake/tool\"\n\nfunc F() int { return tool.F() }", gradetest.Judge)
	repository.Write("tool/tool.go", "package tool\n\nfunc F() int { return 2 }\n")
	course := start(t, repository.Root, never)
	until(t, course, is(1, grade.Red))

	repository.Write("tool/tool.go", "package tool\n\nfunc F() int { return 1 }\n") // nobody watches this
	require.False(t, course.GradeAgain("step01-x/exercises/none"))
	require.True(t, course.GradeAgain("step01-x/exercises/lean"))
	until(t, course, is(1, grade.Done))
}

func TestCourse_looksAlsoWithoutAnEvent(t *testing.T) {
	repository := gradetest.New(t)
	repository.Exercise("wait", "1.1", "func F() int { return 2 }", gradetest.Judge)
	folder := filepath.Join(repository.Root, "step01-x")
	course := start(t, repository.Root, 10*time.Millisecond)
	until(t, course, is(1, grade.Red))
	require.NoError(t, os.RemoveAll(folder)) // as a change of branches does it, and the watcher is blind after it
	until(t, course, is(1, grade.Broken))
	repository.Exercise("wait", "1.1", gradetest.Untouched, gradetest.Judge)
	until(t, course, is(1, grade.NotStarted))
}

func TestNew_needsExercises(t *testing.T) {
	_, err := New(t.TempDir())
	require.ErrorContains(t, err, "no exercises")
}

func TestSnapshot_next(t *testing.T) {
	item := func(state grade.State) Item { return Item{Graded: true, Grade: grade.Grade{State: state}} }
	untouched, red, done := item(grade.NotStarted), item(grade.Red), item(grade.Done)
	unknown := Item{Waiting: true}
	for name, test := range map[string]struct {
		items []Item
		want  int // -1: none
	}{
		"the first one":                       {[]Item{untouched, untouched}, 0},
		"the one that was begun":              {[]Item{done, untouched, red, untouched}, 2},
		"the one after the last done":         {[]Item{untouched, untouched, done, untouched}, 3},
		"one that was left out":               {[]Item{done, untouched, done}, 1},
		"none, when all are done":             {[]Item{done, done}, -1},
		"none, when nothing is known":         {[]Item{unknown}, -1},
		"not one that nobody has graded yet ": {[]Item{unknown, untouched}, 1},
	} {
		for i := range test.items {
			test.items[i].Number = i
		}
		next, found := Snapshot{Items: test.items}.Next()
		require.Equal(t, test.want >= 0, found, name)
		if found {
			require.Equal(t, test.want, next.Number, name)
		}
	}
}
