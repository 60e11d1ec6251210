package book

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
)

// noProgress is what stands at progress.html in the built book. A server with live parts has another page there.
const noProgress template.HTML = `<h1>Your progress</h1>
<p>This page shows which exercises are done, which one is red and why, and what comes next. It is here
when the book runs on your own machine, in the repository's folder: <code>go run ./docs</code>.</p>
<p>In a terminal, this says the same:</p>
<figure class="code console"><pre><code><span class="prompt">$ </span><span class="typed">go run ./docs check</span>
</code></pre></figure>`

// progressFile is what the header of each page asks for, to show how many exercises are done. In the built book it
// knows nothing; a server with live parts answers instead. So a copy of the book asks for no file that isn't there.
const progressFile = "live/progress.json"

// Frame returns a page at the site's root that is made while a reader waits: content in the frame of all
// pages. Styles and scripts are links from the site's root; the scripts are modules.
func (s *Site) Frame(title string, content template.HTML, styles, scripts []string) ([]byte, error) {
	p := &page{
		Kind: "live", Title: title, Content: content, Styles: styles, Scripts: scripts,
		Chapters: s.chapters, Guide: s.guide,
	}
	var html bytes.Buffer
	if err := p.render(&html); err != nil {
		return nil, fmt.Errorf("book: %s: %w", title, err)
	}
	return html.Bytes(), nil
}

// Chapter returns the title of a step's chapter, and the link to it from the site's root; "" if there is none.
func (s *Site) Chapter(step int) (title, href string) {
	for _, c := range s.chapters {
		if strings.HasPrefix(c.name, fmt.Sprintf("%02d-", step)) {
			return c.Title, c.Href()
		}
	}
	return "", ""
}

// Code returns Go code as the chapters show it.
func Code(code string) (template.HTML, error) {
	var html strings.Builder
	err := figure{}.render(&html, "go", code)
	return template.HTML(html.String()), err
}
