package weave

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// repository answers what prose says about the tree: is there such a file,
// package, test, heading? It reads each thing once, when it is first asked for.
type repository struct {
	root     string
	src      *sources
	chapters map[string]map[string]bool // a Markdown file's anchors
	tests    map[string][]string        // names of test functions, by package folder
}

func newRepository(root string, src *sources) *repository {
	return &repository{root: root, src: src, chapters: map[string]map[string]bool{}}
}

// anchors is the set of a Markdown file's anchors.
func (r *repository) anchors(file string) (map[string]bool, error) {
	if set, ok := r.chapters[file]; ok {
		return set, nil
	}
	c, err := ReadChapter(r.root, file)
	if err != nil {
		return nil, err
	}
	r.chapters[file] = c.anchors()
	return r.chapters[file], nil
}

func (r *repository) exists(name string) bool {
	_, err := os.Stat(filepath.Join(r.root, filepath.FromSlash(name)))
	return err == nil
}

// hasGo says whether the folder, or with deep one below it, holds a Go file.
func (r *repository) hasGo(dir string, deep bool) bool {
	found := false
	fs.WalkDir(os.DirFS(r.root), path.Clean(dir), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipAll
		case entry.IsDir() && name != path.Clean(dir) && !deep:
			return fs.SkipDir
		case strings.HasSuffix(name, ".go"):
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// declares says whether a Go file right in dir declares symbol.
func (r *repository) declares(dir, symbol string) bool {
	files, _ := filepath.Glob(filepath.Join(r.root, filepath.FromSlash(dir), "*.go"))
	for _, file := range files {
		source, err := r.src.file(path.Join(dir, filepath.Base(file)))
		if err == nil {
			if _, ok := source.decls[symbol]; ok {
				return true
			}
		}
	}
	return false
}

// testFunc finds functions that go test can name, and exported suites, which are named alike.
var testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz|Example)\w*)[\[(]`)

// testsIn is the names of the test functions in dir, or with deep also below it.
func (r *repository) testsIn(dir string, deep bool) []string {
	if r.tests == nil {
		r.tests = map[string][]string{}
		fs.WalkDir(os.DirFS(r.root), ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // a folder that vanishes has no tests
			case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
				return fs.SkipDir
			case strings.HasSuffix(name, ".go"):
				text, err := os.ReadFile(filepath.Join(r.root, filepath.FromSlash(name)))
				if err != nil {
					return nil
				}
				for _, match := range testFunc.FindAllSubmatch(text, -1) {
					r.tests[path.Dir(name)] = append(r.tests[path.Dir(name)], string(match[1]))
				}
			}
			return nil
		})
	}
	dir = path.Clean(dir)
	names := r.tests[dir]
	if deep {
		for at, more := range r.tests {
			if at != dir && (dir == "." || strings.HasPrefix(at, dir+"/")) {
				names = append(names[:len(names):len(names)], more...)
			}
		}
	}
	return names
}

// checkCommand says what is wrong with the go commands in a line of shell: a
// package that is not there, or a pattern that no test matches.
func (r *repository) checkCommand(line string) string {
	for _, match := range goCommand.FindAllStringSubmatch(line, -1) {
		words, err := Fields(match[2])
		if err != nil {
			return err.Error()
		}
		if message := r.checkGoCommand(match[1], words); message != "" {
			return message
		}
	}
	return ""
}

// goCommand ends where the shell would begin another command.
var goCommand = regexp.MustCompile(`\bgo (run|test|build|vet|generate|install)\b((?:'[^']*'|"[^"]*"|[^'"|;&>\n])*)`)

func (r *repository) checkGoCommand(verb string, words []string) string {
	type pattern struct{ flag, text string }
	var patterns []pattern
	var names []string
	packages := 0
	for i := 0; i < len(words); i++ {
		word := words[i]
		flag, value, hasValue := strings.Cut(strings.TrimLeft(word, "-"), "=")
		switch {
		case word == "." || strings.HasPrefix(word, "./"):
			if verb == "run" && packages > 0 {
				continue // an argument of the program
			}
			packages++
			dir, deep := strings.CutSuffix(strings.TrimSuffix(word, "/"), "...")
			dir = path.Clean(dir)
			switch isFile := strings.HasSuffix(dir, ".go") && r.exists(dir); {
			case isFile:
			case !r.hasGo(dir, deep):
				return fmt.Sprintf("%s holds no Go package", word)
			case verb == "run" && !r.declares(dir, "main"):
				return fmt.Sprintf("%s holds no program: it has no func main", word)
			}
			names = append(names, r.testsIn(dir, deep)...)
		case verb == "test" && strings.HasPrefix(word, "-") && (flag == "run" || flag == "bench" || flag == "fuzz"):
			if !hasValue && i+1 < len(words) {
				i++
				value = words[i]
			}
			patterns = append(patterns, pattern{flag, value})
		}
	}
	if packages == 0 {
		return ""
	}
	for _, p := range patterns {
		if p.text == "^$" || p.text == "." || strings.EqualFold(p.text, "none") {
			continue
		}
		// Only the part before a slash names a function.
		top, _, _ := strings.Cut(p.text, "/")
		re, err := regexp.Compile(top)
		if err != nil {
			return fmt.Sprintf("-%s %s: %v", p.flag, p.text, err)
		}
		prefix := map[string]string{"run": "", "bench": "Benchmark", "fuzz": "Fuzz"}[p.flag]
		found := false
		for _, name := range names {
			found = found || strings.HasPrefix(name, prefix) && re.MatchString(name)
		}
		if !found {
			return fmt.Sprintf("no test function matches -%s %s", p.flag, p.text)
		}
	}
	return ""
}
