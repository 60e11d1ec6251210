package house

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "example.com/async"

// topLevel is what the repository's top folder holds: what README shows, and no more.
var topLevel = []string{
	"step01-tcp", "step02-http", "step03-statemachine", "step04-chat", "step05-select", "docs", "internal",
	"go.mod", "go.sum", "README.md", "LICENSE",
}

// modules lists, for each folder, the modules that the programs in it may use.
// Whoever runs step 1 downloads almost nothing. Tests may use any module.
var modules = map[string][]string{
	"step01-tcp":  {"golang.org/x/net"},
	"step02-http": {"golang.org/x/net"},
	// What step 2 is compared with, and what measures it, is apart from it.
	"step02-http/peers":         {"github.com/valyala/fasthttp"},
	"step02-http/load":          {"github.com/HdrHistogram/hdrhistogram-go", "golang.org/x/sys"},
	"step03-statemachine":       {"golang.org/x/net", "golang.org/x/sys"},
	"step03-statemachine/peers": {"github.com/panjf2000/gnet/v2"},
	"step04-chat/load":          {"github.com/HdrHistogram/hdrhistogram-go"},
	"step05-select": {
		"golang.org/x/time", "golang.org/x/text", "github.com/mtibben/confusables", "github.com/gobwas/ws",
		"github.com/nats-io/nats.go", "golang.org/x/net",
	},
	"docs": {"golang.org/x/net", "github.com/yuin/goldmark", "github.com/alecthomas/chroma/v2"},
	// Only who has the book watches files.
	"docs/progress": {"github.com/fsnotify/fsnotify"},
	"internal":      {"github.com/stretchr/testify"},
}

// pure are the packages that are a protocol or a mechanism without I/O: they
// import nothing that does I/O, and start no goroutine.
var (
	pure      = []string{"step02-http/http1", "step03-statemachine/future", "step04-chat/broadcast", "step05-select/session"}
	forbidden = regexp.MustCompile(`^(net|net/.*|os|os/.*|syscall|golang\.org/x/sys/.*)$`)
)

// forTests are packages below a step that the rules for its programs
// don't bind: they are there for tests.
var forTests = regexp.MustCompile(`test$|/exercises/`)

func TestTopLevel_holdsOnlyWhatReadmeShows(t *testing.T) {
	output, err := exec.Command("git", "ls-files", "--full-name", ":/").Output()
	if err != nil {
		t.Skip("this is no git checkout")
	}
	for path := range strings.Lines(string(output)) {
		name := top(strings.TrimSpace(path))
		assert.True(t, strings.HasPrefix(name, ".") || slices.Contains(topLevel, name), "what is %s?", name)
	}
}

func TestSteps_importOnlyTheStepsBeforeThem(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			target, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			from, to := top(p.name()), top(target)
			switch {
			case from == "docs":
			case to == "internal":
			case to == "docs":
				t.Errorf("%s imports %s: only docs imports docs", p.name(), target)
			case from == "internal":
				t.Errorf("%s imports %s: what all steps share knows no step", p.name(), target)
			default:
				assert.LessOrEqual(t, to, from, "%s imports %s, of a later step", p.name(), target)
			}
		}
	}
}

func TestPrograms_useOnlyTheModulesTheyNeed(t *testing.T) {
	for _, p := range packages(t) {
		if forTests.MatchString(p.name()) {
			continue
		}
		for _, imported := range p.Imports {
			domain, _, _ := strings.Cut(imported, "/")
			if !strings.Contains(domain, ".") || strings.HasPrefix(imported, module) {
				continue
			}
			assert.True(t, mayImport(p.name(), imported), "%s imports %s", p.name(), imported)
		}
	}
}

func mayImport(name, imported string) bool {
	for folder, allowed := range modules {
		if !isBelow(name, folder) {
			continue
		}
		if slices.ContainsFunc(allowed, func(m string) bool { return isBelow(imported, m) }) {
			return true
		}
	}
	return false
}

// isBelow reports whether a path is folder or below it.
func isBelow(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// Whoever runs a step's program must not build its tests' tools.
func TestPrograms_dontImportWhatIsForTests(t *testing.T) {
	for _, p := range packages(t) {
		if forTests.MatchString(p.name()) || top(p.name()) == "internal" {
			continue
		}
		for _, imported := range p.Imports {
			target, ours := strings.CutPrefix(imported, module+"/")
			assert.False(t, ours && (forTests.MatchString(target) || strings.HasPrefix(target, "internal/lesson")),
				"%s imports %s", p.name(), target)
		}
	}
}

func TestProtocols_doNoIO(t *testing.T) {
	found := 0
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.name()) {
			continue
		}
		found++
		for _, imported := range p.Imports {
			assert.False(t, forbidden.MatchString(imported), "%s imports %s", p.name(), imported)
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			ast.Inspect(file, func(node ast.Node) bool {
				assert.False(t, startsGoroutine(node), "%s/%s starts a goroutine", p.name(), name)
				return true
			})
		}
	}
	assert.Equal(t, len(pure), found, "a package of %v is not there: has it another name?", pure)
}

// startsGoroutine finds go statements, and what starts a goroutine without one: WaitGroup.Go and the AfterFuncs.
func startsGoroutine(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.GoStmt:
		return true
	case *ast.SelectorExpr:
		return n.Sel.Name == "Go" || n.Sel.Name == "AfterFunc"
	}
	return false
}

func TestPackages_sayWhatTheyAreFor(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 {
			assert.NotEmpty(t, p.Doc, "%s has no package comment", p.name())
		}
	}
}

// root is the top folder, seen from this one.
const root = "../.."

// A goPackage is what go list tells of a package.
type goPackage struct {
	ImportPath, Dir, Doc               string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
}

// name is the import path without the module.
func (p goPackage) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// top is the first part of a path.
func top(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}

func packages(t *testing.T) []goPackage {
	command := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Doc,GoFiles,Imports,TestImports,XTestImports", "./...")
	command.Dir = root
	output, err := command.Output()
	require.NoError(t, err)
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		all = append(all, p)
	}
	require.Greater(t, len(all), 5, "go list found almost nothing")
	return all
}
