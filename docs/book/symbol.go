package book

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"

	"example.com/async/docs/weave"
)

// lineOf returns the line at which a file of the repository declares a symbol:
// "Serve", "Server", or "Server.Serve" for a method. It is 0 when that can't be
// told: the link then leads to the top of the file.
func (s *sources) lineOf(name, symbol string) int {
	source, err := fs.ReadFile(s.repository, name)
	if err != nil {
		return 0
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return 0
	}
	for _, declaration := range file.Decls {
		if pos := declares(declaration, symbol); pos.IsValid() {
			return files.Position(pos).Line
		}
	}
	return 0
}

// declares returns where a declaration declares the symbol, if it does.
func declares(declaration ast.Decl, symbol string) token.Pos {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if weave.FuncName(d) == symbol {
			return d.Pos()
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.Name == symbol {
					return spec.Pos()
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if name.Name == symbol {
						return name.Pos()
					}
				}
			}
		}
	}
	return token.NoPos
}
