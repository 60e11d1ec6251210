package progress

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/grade"
	"example.com/async/docs/progress/gradetest"
)

// Whoever has just saved a file waits for it, and what was being graded meanwhile is not forgotten.
func TestWork_takesFirstWhatWasSavedLast(t *testing.T) {
	course, err := New(gradetest.New(t).Four().Root)
	require.NoError(t, err)
	w := &work{course: course, seen: make([][sha256.Size]byte, 4), finished: make(chan result)}
	w.lookFirst()
	require.Equal(t, []int{0, 1, 3}, w.queue, "all but the one that nobody has touched")

	stopped := false
	w.running, w.queue = &running{item: 0, cancel: func() { stopped = true }}, w.queue[1:]
	w.want(3)
	require.True(t, stopped)
	require.Equal(t, []int{3, 0, 1}, w.queue, "what was stopped comes after it")

	w.finish(result{grade: grade.Grade{State: grade.Done}}) // it had ended a moment before it was stopped
	require.False(t, course.Snapshot().Items[0].Graded, "the result of a file that is another one now")
	require.True(t, course.Snapshot().Items[0].Waiting)

	w.want(1)
	require.Equal(t, []int{1, 3, 0}, w.queue, "each once")
}
