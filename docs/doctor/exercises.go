package doctor

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

// An exercise is a folder with a file exercise.go, and a package comment.
type exercise struct {
	step, number int    // 1.2 is the second one of step 1
	title        string // what its package comment calls it
	dir          string // below the root, with slashes
}

// file is what a learner edits.
func (e exercise) file() string { return path.Join(e.dir, "exercise.go") }

// opening is how the package comment of an exercise begins.
var opening = regexp.MustCompile(`^Package \w+ is exercise (\d+)\.(\d+): ([^\n]*)`)

// findExercises returns the exercises in the order in which to do them.
func findExercises(root fs.FS) ([]exercise, error) {
	files, err := fs.Glob(root, "step*/exercises/*/exercise.go")
	if err != nil {
		return nil, err
	}
	var exercises []exercise
	for _, file := range files {
		e, err := readExercise(root, path.Dir(file))
		if err != nil {
			return nil, err
		}
		exercises = append(exercises, e)
	}
	slices.SortFunc(exercises, func(a, b exercise) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.number, b.number), strings.Compare(a.dir, b.dir))
	})
	return exercises, nil
}

// readExercise reads number and title from the package comment. A learner may have
// damaged it: then the exercise has its folder's name, and comes last in its step.
func readExercise(root fs.FS, dir string) (exercise, error) {
	e := exercise{title: path.Base(dir), dir: dir, number: 99}
	// No step in the name: 0. It stands in the report nevertheless.
	_, _ = fmt.Sscanf(dir, "step%d", &e.step)

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
			e.step, _ = strconv.Atoi(found[1]) // digits, by the pattern
			e.number, _ = strconv.Atoi(found[2])
			e.title = strings.TrimSuffix(found[3], ".")
		}
	}
	return e, nil
}
