// Package gradetest makes small repositories with exercises, for the tests of what grades them: each is a
// module without imports, so that its tests are compiled in a moment.
package gradetest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A Repository is a module in a temporary folder.
type Repository struct {
	Root string
	t    testing.TB
}

// New returns a repository without exercises.
func New(t testing.TB) *Repository {
	r := &Repository{Root: t.TempDir(), t: t}
	r.Write("go.mod", "module example.test/fake\n\ngo 1.26\n")
	return r
}

// Write writes a file; name is below the root, with slashes. The file is there whole or not at all,
// as editors do it.
func (r *Repository) Write(name, text string) {
	r.t.Helper()
	name = filepath.Join(r.Root, filepath.FromSlash(name))
	require.NoError(r.t, os.MkdirAll(filepath.Dir(name), 0o755))
	draft := name + ".draft"
	require.NoError(r.t, os.WriteFile(draft, []byte(text), 0o644))
	require.NoError(r.t, os.Rename(draft, name))
}

// Exercise adds an exercise of step 1, or writes its answer anew: code declares F, a function that returns an int, and test
// is the body of the test that judges it.
func (r *Repository) Exercise(name, number, code, test string) {
	r.t.Helper()
	r.Answer(name, number, code)
	dir := "step01-x/exercises/" + name
	r.Write(dir+"/solution.go", "//go:build solution\n\npackage "+name+"\n\nfunc F() int { return 1 } // the answer of "+name+"\n")
	r.Write(dir+"/exercise_test.go", "package "+name+"\n\nimport \"testing\"\n\nfunc TestExercise(t *testing.T) {\n"+test+"\n}\n\n"+
		"func TestOther(t *testing.T) { t.Fatal(\"this one is nothing to a learner\") }\n")
}

// Answer writes the file that a learner edits.
func (r *Repository) Answer(name, number, code string) {
	r.t.Helper()
	r.Write("step01-x/exercises/"+name+"/exercise.go",
		"//go:build !solution\n\n// Package "+name+" is exercise "+number+": "+name+" it.\npackage "+name+"\n\n"+code+"\n")
}

// Untouched is the code of an exercise that nobody has started; its test skips.
const Untouched = "var lesson struct{ ErrNotStarted int }\n\nfunc F() int { return lesson.ErrNotStarted }"

// Judge is a test with two cases, the second of which wants F to return 1; it reports as those of the steps do.
const Judge = `t.Run("compiles", func(t *testing.T) {})
	t.Run("one", func(t *testing.T) {
		if F() != 1 {
			t.Error("F does not return 1\n  it returned another number\n  rule: F returns 1 (this test)\n  hint: 0 and 2 are not 1")
		}
	})`

// Four adds four exercises, each in another state: done, red, not started, not compiling.
func (r *Repository) Four() *Repository {
	r.t.Helper()
	r.Exercise("finish", "1.1", "func F() int { return 1 }", Judge)
	r.Exercise("fail", "1.2", "func F() int { return 2 }", Judge)
	r.Exercise("wait", "1.3", Untouched, `t.Skip("not started: write your answer at exercise.go:8, in F"); F()`)
	r.Exercise("stumble", "1.4", "func F() int { return x }", Judge)
	return r
}
