package book

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"example.com/async/docs/weave"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// A figure is what surrounds a code block. The zero figure has no caption.
type figure struct {
	caption string // HTML
	note    string // beside the caption
	wrong   bool   // code that is wrong on purpose
	console bool   // a shell session
	noInput bool   // in it, a line that begins with > is output
}

// readComment reads a comment above a code block. Package weave owns these
// comments, and describes them; here they only become captions.
//
//	<!-- quote step01-tcp/tcp/server.go Server.Serve -->
//	<!-- quote step01-tcp/naive/main.go main wrong -->
//	<!-- wrong: declared and not used -->
//	<!-- break step01-tcp/tcp/conn.go -->
//	<!-- console server -->
func (b *builder) readComment(c *chapter, comment string) (f figure) {
	comment = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(comment), "<!--"), "-->")
	name, rest, _ := strings.Cut(strings.TrimSpace(comment), " ")
	switch strings.TrimSuffix(name, ":") {
	case "quote":
		if words := b.words(c, rest); len(words) > 0 {
			if slices.Contains(words[1:], "wrong") {
				f.wrong, f.note = true, wrongOnPurpose
			}
			f.caption = b.quoteCaption(c, words[0], words[1:])
		}
	case "break":
		if words := b.words(c, rest); len(words) > 0 {
			f.caption = b.quoteCaption(c, words[0], nil)
			f.note = "a change to try, and to take back"
		}
	case "console":
		f = consoleFigure(b.words(c, rest))
	case "wrong":
		f.wrong = true
		f.caption = wrongOnPurpose
		// The first line is what the compiler says; more lines are for the compiler.
		if says, _, _ := strings.Cut(rest, "\n"); says != "" {
			f.note = strings.TrimSpace(says)
		}
	}
	return f
}

// wrongOnPurpose says it to those who don't see the red edge.
const wrongOnPurpose = "Wrong on purpose"

func (b *builder) words(c *chapter, rest string) []string {
	words, err := weave.Fields(rest)
	if err != nil {
		b.problem(c.name+".md", "the comment %q: %v", rest, err)
	}
	return words
}

// quoteCaption names the file and the symbols that a block shows.
func (b *builder) quoteCaption(c *chapter, file string, symbols []string) string {
	symbols = slices.DeleteFunc(symbols, func(word string) bool {
		return word == "nodoc" || word == "body" || word == "wrong" // not what is quoted, but how
	})
	href, err := b.sources.add(file)
	if err != nil {
		b.problem(c.name+".md", "it quotes %s: %v", file, err)
	}
	caption := html.EscapeString(file)
	if href != "" {
		if len(symbols) > 0 {
			if line := b.sources.lineOf(file, symbols[0]); line > 0 {
				href += fmt.Sprintf("#L%d", line)
			}
		}
		caption = fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(c.root()+href), caption)
	}
	for _, symbol := range symbols {
		caption += ` <span class="symbol">` + html.EscapeString(symbol) + `</span>`
	}
	return caption
}

// render writes a code block. A shell session is one that is said to be, or whose first
// line begins with a prompt.
func (f figure) render(w io.Writer, language, code string) error {
	f.console = f.console || language == "console" || strings.HasPrefix(code, commandPrompt)
	class := "code"
	if f.console {
		class += " console"
	}
	if f.wrong {
		class += " wrong"
	}
	fmt.Fprintf(w, `<figure class="%s">`, class)
	if f.caption != "" {
		io.WriteString(w, "<figcaption><span>"+f.caption+"</span>")
		if f.note != "" {
			io.WriteString(w, " <span>"+html.EscapeString(f.note)+"</span>")
		}
		io.WriteString(w, "</figcaption>")
	}
	io.WriteString(w, "<pre><code>")
	var err error
	if f.console {
		f.writeConsole(w, code)
	} else {
		err = highlight(w, language, code, noLineNumbers)
	}
	io.WriteString(w, "</code></pre></figure>\n")
	return err
}

// highlight writes code as HTML, line by line: begin writes what comes before a line. A
// language that chroma doesn't know is plain text.
func highlight(w io.Writer, language, code string, begin func(w io.Writer, line int)) error {
	lexer := lexers.Get(language)
	if language == "" || lexer == nil {
		lexer = lexers.Fallback
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code)
	if err != nil {
		return err
	}
	for i, line := range chroma.SplitTokensIntoLines(tokens.Tokens()) {
		begin(w, i+1)
		for _, token := range line {
			text := html.EscapeString(token.Value)
			// A space has no colour. Without this the page would be three times as large.
			if class := tokenClass(token.Type); class != "" && strings.TrimSpace(text) != "" {
				text = `<span class="` + class + `">` + text + `</span>`
			}
			io.WriteString(w, text)
		}
	}
	return nil
}

// tokenClass is the style class of a kind of token; "" is plain. Chroma's own
// formatter knows eighty of them, but a page of eighty colours can't be read.
func tokenClass(kind chroma.TokenType) string {
	switch {
	case kind == chroma.KeywordType, kind == chroma.NameBuiltin, kind == chroma.NameClass:
		return "type"
	case kind == chroma.NameFunction:
		return "func"
	case kind == chroma.GenericDeleted:
		return "del"
	case kind == chroma.GenericInserted:
		return "ins"
	case kind.InCategory(chroma.Keyword), kind == chroma.NameTag:
		return "key"
	case kind.InSubCategory(chroma.LiteralString), kind == chroma.NameAttribute:
		return "str"
	case kind.InSubCategory(chroma.LiteralNumber):
		return "num"
	case kind.InCategory(chroma.Comment):
		return "com"
	default:
		return ""
	}
}

// noLineNumbers is how the lines of a chapter's code block begin.
func noLineNumbers(io.Writer, int) {}
