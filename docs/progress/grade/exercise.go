package grade

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An Exercise is a folder with a file exercise.go, and a package comment.
type Exercise struct {
	Step, Number int    // 1.2 is the second one of step 1
	Title        string // what its package comment calls it
	Dir          string // below the root, with slashes
}

// File is what a learner edits, below the root, with slashes.
func (e Exercise) File() string { return path.Join(e.Dir, "exercise.go") }

// Solution is one good answer, below the root, with slashes.
func (e Exercise) Solution() string { return path.Join(e.Dir, "solution.go") }

// Name is how the chapters call the exercise: 1.2.
func (e Exercise) Name() string { return fmt.Sprintf("%d.%d", e.Step, e.Number) }

// opening is how the package comment of an exercise begins.
var opening = regexp.MustCompile(`^Package \w+ is exercise (\d+)\.(\d+): ([^\n]*)`)

// Find returns the exercises of the repository in the order in which to do them.
func Find(root fs.FS) ([]Exercise, error) {
	files, err := fs.Glob(root, "step*/exercises/*/exercise.go")
	if err != nil {
		return nil, err
	}
	var exercises []Exercise
	for _, file := range files {
		e, err := read(root, path.Dir(file))
		if err != nil {
			return nil, err
		}
		exercises = append(exercises, e)
	}
	slices.SortFunc(exercises, func(a, b Exercise) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Number, b.Number), strings.Compare(a.Dir, b.Dir))
	})
	return exercises, nil
}

// read reads number and title from the package comment. A learner may have
// damaged it: then the exercise has its folder's name, and comes last in its step.
func read(root fs.FS, dir string) (Exercise, error) {
	e := Exercise{Title: path.Base(dir), Dir: dir, Number: 99}
	// No step in the name: 0. It stands in the report nevertheless.
	_, _ = fmt.Sscanf(dir, "step%d", &e.Step)

	files, err := fs.Glob(root, dir+"/*.go")
	if err != nil {
		return e, err
	}
	for _, file := range files {
		source, err := fs.ReadFile(root, file)
		if err != nil {
			return e, err
		}
		// The parser returns what it could read even with an error.
		parsed, _ := parser.ParseFile(token.NewFileSet(), file, source, parser.ParseComments|parser.PackageClauseOnly)
		if parsed == nil || parsed.Doc == nil {
			continue
		}
		if found := opening.FindStringSubmatch(parsed.Doc.Text()); found != nil {
			e.Step, _ = strconv.Atoi(found[1]) // digits, by the pattern
			e.Number, _ = strconv.Atoi(found[2])
			e.Title = strings.TrimSuffix(found[3], ".")
		}
	}
	return e, nil
}
