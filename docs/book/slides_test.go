package book

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sampleSlides is a chapter with one of everything that a slide may show, or not.
const sampleSlides = "# Step 1\n\n<!-- chapter: 60 minutes. What it is about. -->\n\n## Before\n\n## Errors\n\n" +
	"<!-- slide 3 `Accept` **fails** -->\n<!-- note: Ask: *why?* See [the server](../step01-tcp/tcp/server.go). -->\n\n" +
	"Told, not shown.\n\n**Who closes?** The server.\n\n" +
	"<!-- quote step01-tcp/tcp/server.go Server.Serve -->\n```go\n// Serve serves.\n//\n//\ta → b\nfunc (s *Server) Serve() string {\n\treturn \"\"\n}\n```\n\n" +
	"- **A lead.** And more.\n- All of [this](#errors).\n\n1. <b>one</b>\n\n" +
	"<details>\n<summary>Why?</summary>\n\n**Because** of all this.\n\n- **It** is whole.\n\n</details>\n\n" +
	"<!-- note: Second note. -->\n<!-- /slide -->\n\n" +
	"<!-- slide 2 Alone -->\n<!-- note: Say it. -->\n| a | b |\n| - | - |\n| 1 | 2 |\n\n- not on it\n"

func TestBuild_makesSlidesOfTheMarkedParts(t *testing.T) {
	site, chapter := buildChapter(t, sampleSlides)
	require.Empty(t, site.Problems)
	page := contentOf(t, site, "01-tcp.slides.html")
	requireBalanced(t, "01-tcp.slides.html", page)

	require.Contains(t, page, "<h1>Step 1</h1>\n  <p>What it is about.</p>")
	require.Contains(t, page, "2 slides, 5 minutes")
	require.Contains(t, page, `<section class="slide" id="slide-1" data-minutes="3" data-section="errors" data-from="before errors"`)
	require.Contains(t, page, "<h2><code>Accept</code> <strong>fails</strong></h2>")

	require.NotContains(t, page, "Told, not shown")
	require.Contains(t, page, "<p><strong>Who closes?</strong></p>")
	require.NotContains(t, page, "The server.</p>")
	require.Contains(t, page, `<figcaption><span><a href="src/step01-tcp/tcp/server.go.html#L6">`)
	require.NotContains(t, page, "Serve serves", "the comment above is left out")
	require.Contains(t, page, "a → b", "but not its drawing")
	require.Contains(t, page, "<ul>\n<li><strong>A lead.</strong></li>\n<li>All of <a href=\"01-tcp.html#errors\">this</a>.</li>\n</ul>\n<ol>\n<li><b>one</b></li>\n</ol>")
	require.Contains(t, page, "<summary>Why?</summary>\n<p><strong>Because</strong> of all this.</p>\n<ul>\n<li><strong>It</strong> is whole.</li>", "an answer is whole")

	require.Contains(t, page, "<aside class=\"note\" aria-label=\"Notes\"><p>Ask: <em>why?</em> See <a href=\"src/step01-tcp/tcp/server.go.html\">the server</a>.</p>\n<p>Second note.</p>\n</aside>")
	require.Contains(t, page, `<div class="table"><table>`)
	require.NotContains(t, page, "not on it", "without an end, a slide is one block")

	require.Contains(t, chapter, "Told, not shown")
	require.Contains(t, chapter, "The server.</p>", "the chapter stays as it was")
	require.Contains(t, chapter, "Serve serves")
	require.Contains(t, chapter, `href="#errors"`)
	require.NotContains(t, chapter, "Second note")
	require.Contains(t, chapter, `id="_slides" href="01-tcp.slides.html"`)
	require.NotContains(t, contentOf(t, site, "assets/search.json"), "Second note", "who looks for a word wants the chapter")
}

func TestBuild_makesNoSlidesWhereNothingIsMarked(t *testing.T) {
	site := buildSample(t)
	for name := range site.files {
		require.False(t, strings.HasSuffix(name, ".slides.html"), name)
	}
	require.NotContains(t, contentOf(t, site, "01-tcp.html"), "_slides")
}
