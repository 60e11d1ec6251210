package weave

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever a chapter looks like, rewriting it twice is rewriting it once: the
// second time would find whatever the first one misplaced.
func FuzzRewrite_isDoneAfterOnce(f *testing.F) {
	for _, name := range []string{"right/all.md", "stale/all.md", "wrong/quotes.md", "wrong/goblocks.md", "wrong/slides.md"} {
		text, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	const quote = "<!-- quote step01-demo/demo/demo.go Greeter.Greet -->\n"
	f.Add("> " + quote + "> ```go\n> old\n> ```\n")
	f.Add(quote + "- ```go\n  old\n  ```\n")
	f.Add(quote + "```\n```\n")
	f.Add("<!-- include table.md -->\n" + quote + "```go\nold\n```\n\n<!-- /include -->\n")
	f.Add(quote + "```go")
	f.Add(quote + "~~~go\nold\n~~~\n- item\n\n  " + quote + "  ```go\n\told\n  ```")

	src := newSources(filepath.Join("testdata", "repo"))
	f.Fuzz(func(t *testing.T, text string) {
		once, _ := parseChapter("docs/fuzz.md", []byte(text)).rewritten(src)
		twice, _ := parseChapter("docs/fuzz.md", []byte(once)).rewritten(src)
		if once != twice {
			t.Errorf("of %q\nonce:  %q\ntwice: %q", text, once, twice)
		}
		c := parseChapter("docs/fuzz.md", []byte(text))
		repo := newRepository(src.root, src)
		c.checkGoBlocks()
		c.checkLinks(repo)
		c.checkMentions(repo)
		c.checkFigures(repo)
		c.checkSlides(repo)
	})
}
