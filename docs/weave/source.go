package weave

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// sources reads the repository's files, each one once.
type sources struct {
	root  string
	files map[string]*source
}

func newSources(root string) *sources {
	return &sources{root: root, files: map[string]*source{}}
}

// source is a file that chapters quote. A Go file is parsed only to learn on
// which lines a symbol stands: what is quoted are the lines themselves, so that
// comments and blank lines stay where their author put them.
type source struct {
	path  string
	lines []string // without newlines
	decls map[string]decl
	names []string // of decls, in the order of the file
}

// decl is where a top-level declaration stands. Lines count from 1, both ends belong to it.
type decl struct {
	doc, first, last    int
	bodyFirst, bodyLast int // of a function, without the lines of its braces
}

func (s *sources) file(name string) (*source, error) {
	if file, ok := s.files[name]; ok {
		return file, nil
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, fmt.Errorf("%s is not a path below the repository's root", name)
	}
	content, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(name)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", name)
	} else if err != nil {
		return nil, err
	}
	file := &source{path: name, lines: splitLines(string(content))}
	if strings.HasSuffix(name, ".go") {
		if err := file.index(content); err != nil {
			return nil, err
		}
	}
	s.files[name] = file
	return file, nil
}

// index notes where each top-level declaration stands.
func (f *source) index(content []byte) error {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, f.path, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("can't be parsed: %w", err)
	}
	line := func(pos token.Pos) int { return fset.Position(pos).Line }
	f.decls = map[string]decl{}
	add := func(name string, d decl) {
		if _, seen := f.decls[name]; !seen && name != "_" {
			f.decls[name] = d
			f.names = append(f.names, name)
		}
	}
	for _, node := range tree.Decls {
		d := decl{first: line(node.Pos()), last: line(node.End())}
		d.doc = d.first
		switch node := node.(type) {
		case *ast.FuncDecl:
			if node.Doc != nil {
				d.doc = line(node.Doc.Pos())
			}
			if node.Body != nil {
				d.bodyFirst, d.bodyLast = line(node.Body.Lbrace)+1, line(node.Body.Rbrace)-1
			}
			add(FuncName(node), d)
		case *ast.GenDecl:
			if node.Doc != nil {
				d.doc = line(node.Doc.Pos())
			}
			// Whichever name of a group is asked for, the group is quoted: a
			// spec alone has neither its keyword nor its iota.
			for _, spec := range node.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name.Name, d)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name.Name, d)
					}
				}
			}
		}
	}
	return nil
}

// FuncName is Name, or Type.Name for a method.
func FuncName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	for {
		switch t := receiver.(type) {
		case *ast.StarExpr:
			receiver = t.X
		case *ast.ParenExpr:
			receiver = t.X
		case *ast.IndexExpr:
			receiver = t.X
		case *ast.IndexListExpr:
			receiver = t.X
		case *ast.Ident:
			return t.Name + "." + f.Name.Name
		default:
			return f.Name.Name
		}
	}
}

// lookup finds a symbol, or says where it might be.
func (s *sources) lookup(f *source, symbol string) (decl, error) {
	if f.decls == nil {
		return decl{}, fmt.Errorf("%s is not a Go file: quote the whole file or a region:NAME of it", f.path)
	}
	if d, ok := f.decls[symbol]; ok {
		return d, nil
	}
	siblings, _ := filepath.Glob(filepath.Join(s.root, filepath.FromSlash(path.Dir(f.path)), "*.go"))
	for _, sibling := range siblings {
		name := path.Join(path.Dir(f.path), filepath.Base(sibling))
		if other, err := s.file(name); err == nil {
			if _, ok := other.decls[symbol]; ok {
				return decl{}, fmt.Errorf("%s has no %s; %s has it", f.path, symbol, name)
			}
		}
	}
	return decl{}, fmt.Errorf("%s has no %s; it has %s", f.path, symbol, strings.Join(f.names, ", "))
}

// regionMarker matches the comment, of whatever language, that opens or closes a region.
var regionMarker = regexp.MustCompile(`^\s*(?://|#|--|/\*|<!--)\s*(region|endregion)(?:\s+([\w-]+))?\s*(?:\*/|-->)?\s*$`)

// region returns the lines between "// region NAME" and the "// endregion" that
// closes it. Regions may nest.
func (f *source) region(name string) (first, last int, err error) {
	var open []string
	for i, line := range f.lines {
		match := regionMarker.FindStringSubmatch(line)
		switch {
		case match == nil:
		case match[1] == "region":
			if match[2] == name {
				if first != 0 {
					return 0, 0, fmt.Errorf("%s has two regions %s", f.path, name)
				}
				first = i + 2
			}
			open = append(open, match[2])
		case len(open) == 0:
			return 0, 0, fmt.Errorf("%s:%d: endregion without a region", f.path, i+1)
		default:
			if open[len(open)-1] == name {
				last = i
			}
			open = open[:len(open)-1]
		}
	}
	switch {
	case first == 0:
		return 0, 0, fmt.Errorf("%s has no region %s", f.path, name)
	case slices.Contains(open, name):
		return 0, 0, fmt.Errorf("%s: region %s is never closed", f.path, name)
	}
	return first, last, nil
}

// text returns lines first to last without region markers and without the
// indentation that they have in common.
func (f *source) text(first, last int) string {
	var kept []string
	for _, line := range f.lines[first-1 : last] {
		if !regionMarker.MatchString(line) {
			kept = append(kept, line)
		}
	}
	return dedent(kept)
}

func dedent(lines []string) string {
	common := ""
	seen := false
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if !seen {
			common, seen = indent, true
		}
		for !strings.HasPrefix(indent, common) {
			common = common[:len(common)-1]
		}
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(strings.TrimPrefix(line, common), " \t"))
		b.WriteByte('\n')
	}
	return strings.Trim(b.String(), "\n") + "\n"
}

// splitLines splits s, a final newline or none, with LF or CRLF.
func splitLines(s string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
}
