package grade

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// goFile is the path of a Go file from the root of the disk, as it stands in the stack of a panic. Where it lies is
// nobody's business, and only noise; its name and the folder around it say enough.
var goFile = regexp.MustCompile(`(^|[\s"'(=])(?:[A-Za-z]:)?[/\\](?:[^\s:"'()/\\]+[/\\])+?([^\s:"'()/\\]+[/\\][^\s:"'()/\\]+\.(?:go|s)\b)`)

// redact leaves the folders of this machine out of a grade: its sentences are shown in a page, which may
// be on a projector. Paths in the repository begin at its root.
func (g *Grader) redact(grade Grade) Grade {
	clean := g.cleaner()
	grade.Why = clean(grade.Why)
	for i := range grade.Cases {
		c := &grade.Cases[i]
		c.Sentence, c.Details, c.Rule, c.Hint = clean(c.Sentence), clean(c.Details), clean(c.Rule), clean(c.Hint)
	}
	return grade
}

// Redact leaves the folders of this machine out of a text.
func (g *Grader) Redact(text string) string { return g.cleaner()(text) }

func (g *Grader) cleaner() func(string) string {
	var pairs []string
	for _, folder := range folders(g.Root) {
		pairs = append(pairs, folder.path+string(filepath.Separator), folder.with, folder.path+"/", folder.with, folder.path, strings.TrimSuffix(folder.with, "/"))
	}
	replacer := strings.NewReplacer(pairs...)
	return func(text string) string {
		return goFile.ReplaceAllString(replacer.Replace(text), "$1…/$2")
	}
}

// A folder is a path of this machine, and what is shown instead.
type folder struct{ path, with string }

// folders returns those that may stand in what a test prints, the inner ones first.
func folders(root string) (list []folder) {
	add := func(path, with string) {
		if len(path) < 2 { // "/" or nothing
			return
		}
		list = append(list, folder{filepath.Clean(path), with})
		if real, err := filepath.EvalSymlinks(path); err == nil && real != filepath.Clean(path) {
			list = append(list, folder{real, with})
		}
	}
	if absolute, err := filepath.Abs(root); err == nil {
		add(absolute, "")
	}
	add(os.TempDir(), "TMP/")
	home, _ := os.UserHomeDir() // none: nothing to leave out
	add(home, "~/")
	return list
}
