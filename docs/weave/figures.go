package weave

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

var (
	// columnUnit is a unit in a table's head: the column holds measurements.
	columnUnit = regexp.MustCompile(`(?:^|[\s(,/])(ns/op|B/op|allocs/op|(?:MB|MiB|GB|GiB|KiB|kB)(?:/s)?|(?:ns|µs|ms)|(?:req|conn|msg|line|op)s?/s|×)(?:$|[\s),/])`)
	// rate is a measured figure wherever it stands. Plain durations and sizes
	// are not in it: "a limit of 5 s" is a decision, nobody measured it.
	rate = regexp.MustCompile(`\d(?:[\d.,\x{a0}\x{202f} ]*\d)?(?:\s?(?:ns/op|B/op|allocs/op|[KMG]i?B/s|kB/s|(?:req|conn|msg|line|op|request|connection|message)s?/s)|×(?:[\s,.;:)]|$))`)
)

// checkFigures holds whoever shows a measured figure to naming the command that
// measured it, in the same section:
//
//	<!-- measured: COMMAND -->
//
// or to saying why there is none, <!-- unmeasured: REASON -->.
func (c *Chapter) checkFigures(repo *repository) []Problem {
	var problems []Problem
	type figure struct {
		line int
		text string
	}
	var figures []figure // of the section so far
	named := false       // the section names a command
	endSection := func() {
		for _, f := range figures {
			if !named {
				problems = append(problems, c.problem(f.line,
					"%q is a measured figure, but this section doesn't say by which command: <!-- measured: COMMAND -->, or <!-- unmeasured: REASON -->", f.text))
			}
		}
		figures, named = nil, false
	}

	c.walk(func(n ast.Node) {
		if d, ok := c.directive(n); ok && (d.Name == "measured" || d.Name == "unmeasured") {
			named = true
			if message := repo.checkMeasured(d); message != "" {
				problems = append(problems, c.problem(d.Line, "%s", message))
			}
			return
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level <= 2 {
				endSection()
			}
		case *east.TableHeader:
			if match := columnUnit.FindString(cells(n, c.Source)); match != "" {
				figures = append(figures, figure{c.lineOf(n), strings.Trim(match, " (),/")})
			}
		case *ast.Paragraph, *ast.TextBlock, *east.TableCell, *ast.FencedCodeBlock:
			if match := strings.TrimRight(rate.FindString(figureText(n, c.Source)), " \n,.;:)"); match != "" {
				figures = append(figures, figure{c.lineOf(n), match})
			}
		}
	})
	endSection()
	return problems
}

// figureText is where n may show a figure. What a console session prints names
// its command already; code has limits, not figures.
func figureText(n ast.Node, source []byte) string {
	if block, ok := n.(*ast.FencedCodeBlock); ok {
		if lang := string(block.Language(source)); lang != "" && lang != "text" {
			return ""
		}
		return string(block.Lines().Value(source))
	}
	return nodeText(n, source)
}

// cells is the text of a row, its cells kept apart.
func cells(row ast.Node, source []byte) string {
	var all []string
	for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
		all = append(all, nodeText(cell, source))
	}
	return strings.Join(all, " , ")
}

// checkMeasured says what is wrong with the command that a chapter names.
func (r *repository) checkMeasured(d Directive) string {
	switch {
	case d.Rest == "" && d.Name == "measured":
		return "measured names no command"
	case d.Rest == "":
		return "unmeasured gives no reason"
	case d.Name == "unmeasured":
		return ""
	case !goCommand.MatchString(d.Rest):
		return "measured: " + d.Rest + ": not a go command, so nobody with a clone can repeat it"
	}
	if message := r.checkCommand(d.Rest); message != "" {
		return "measured: " + d.Rest + ": " + message
	}
	return ""
}
