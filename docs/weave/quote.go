package weave

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A weft is a stretch of a chapter whose text comes from elsewhere.
type weft struct {
	at, line    int    // of the directive: its offset, its line
	what        string // how a message names it
	start, stop int    // the stretch in the chapter's source
	want        string // what must stand there
	err         error  // why want isn't known
}

// wefts finds all that a chapter takes from other files.
func (c *Chapter) wefts(src *sources) []weft {
	all := c.includes(src)
	for _, quote := range c.quotes(src) {
		// A quote in an included text is the business of that text.
		if !slices.ContainsFunc(all, func(include weft) bool {
			return include.start <= quote.at && quote.at < include.stop
		}) {
			all = append(all, quote)
		}
	}
	return all
}

// quotes finds the blocks that follow a quote directive:
//
//	<!-- quote FILE [SYMBOL...] [nodoc] [body] [wrong] -->
func (c *Chapter) quotes(src *sources) []weft {
	var found []weft
	used := map[int]bool{}
	for _, block := range c.Blocks() {
		d, ok := block.Directive("quote")
		if !ok {
			continue
		}
		used[d.start] = true
		w := weft{at: d.start, line: d.Line, start: block.start, stop: block.stop}
		text, err := src.quote(d)
		switch {
		case err != nil:
			w.err = err
		case block.Lang == "":
			w.err = errors.New("a block that quotes needs a language: ```go")
		case !closingFence.Match(c.Source[block.stop:]):
			w.err = errors.New("the block that quotes is never closed")
		case strings.Trim(block.indent, " \t>") != "":
			w.err = errors.New("a block that quotes must begin on a line of its own, not after a list's mark")
		case strings.Contains(text, "```"):
			w.err = errors.New("the source holds ```, which would end the block: quote less of it")
		default:
			w.what = "this block is not what " + strings.Join(strings.Fields(d.Rest), " ") + " is now"
			w.want = indentLines(text, block.indent)
		}
		found = append(found, w)
	}
	for _, d := range c.directives() {
		if d.Name == "quote" && !used[d.start] {
			found = append(found, weft{at: d.start, line: d.Line, err: errors.New("a quote must stand right before a fenced block")})
		}
	}
	return found
}

// closingFence matches the line after a block's content.
var closingFence = regexp.MustCompile("^[ \t>]*(?:```|~~~)")

// quote returns the source that a directive asks for.
func (s *sources) quote(d Directive) (string, error) {
	fields, err := d.Fields()
	if err != nil {
		return "", err
	}
	if len(fields) == 0 {
		return "", errors.New("quote needs a file: <!-- quote FILE SYMBOL -->")
	}
	if path.Base(fields[0]) == "exercise.go" {
		return "", errors.New("learners edit exercise.go: whoever does the exercise would make this chapter stale")
	}
	file, err := s.file(fields[0])
	if err != nil {
		return "", err
	}
	var symbols []string
	nodoc, body := false, false
	for _, field := range fields[1:] {
		switch field {
		case "nodoc":
			nodoc = true
		case "body":
			body = true
		case "wrong": // is for package book: the quoted program is one that nobody should copy
		default:
			symbols = append(symbols, field)
		}
	}
	if len(symbols) == 0 {
		return file.text(1, len(file.lines)), nil
	}

	var parts []string
	for _, symbol := range symbols {
		if name, ok := strings.CutPrefix(symbol, "region:"); ok {
			first, last, err := file.region(name)
			if err != nil {
				return "", err
			}
			parts = append(parts, file.text(first, last))
			continue
		}
		d, err := s.lookup(file, symbol)
		if err != nil {
			return "", err
		}
		first, last := d.doc, d.last
		switch {
		case body && (d.bodyFirst == 0 || d.bodyFirst > d.bodyLast):
			return "", fmt.Errorf("%s in %s has no body on lines of its own", symbol, file.path)
		case body:
			first, last = d.bodyFirst, d.bodyLast
		case nodoc:
			first = d.first
		}
		parts = append(parts, file.text(first, last))
	}
	return strings.Join(parts, "\n"), nil
}

// includes finds what stands between an include directive and its end:
//
//	<!-- include FILE -->
//	<!-- /include -->
func (c *Chapter) includes(src *sources) []weft {
	var found []weft
	var open *Directive
	for _, d := range c.directives() {
		switch d.Name {
		case "include":
			if open != nil {
				found = append(found, weft{line: open.Line, err: errors.New("include without <!-- /include -->")})
			}
			open = &d
		case "/include":
			if open == nil {
				found = append(found, weft{line: d.Line, err: errors.New("/include without <!-- include FILE -->")})
				continue
			}
			w := weft{line: open.Line, start: open.stop, stop: d.start}
			w.what = "what stands between include and /include is not what " + open.Rest + " is now"
			if file, err := src.file(open.Rest); err != nil {
				w.err = err
			} else {
				w.want = "\n\n" + strings.TrimSpace(strings.Join(file.lines, "\n")) + "\n\n"
			}
			found = append(found, w)
			open = nil
		}
	}
	if open != nil {
		found = append(found, weft{line: open.Line, err: errors.New("include without <!-- /include -->")})
	}
	return found
}

func indentLines(text, indent string) string {
	if indent == "" {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line == "\n" {
			b.WriteString(strings.TrimRight(indent, " \t"))
		} else {
			b.WriteString(indent)
		}
		b.WriteString(line)
	}
	return b.String()
}
