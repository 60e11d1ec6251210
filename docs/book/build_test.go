package book

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestSite_isAFileSystem(t *testing.T) {
	site := buildSample(t)
	require.NoError(t, fstest.TestFS(site,
		"index.html", "404.html", "00-start.html", "01-tcp.html", "diagram.svg",
		"src/step01-tcp/tcp/server.go.html", "src/step01-tcp/tcp/index.html", "src/step01-tcp/tcp/notes.md.html",
		"assets/book.css", "assets/book.js", "assets/search.js", "assets/theme.js", "assets/icon.svg", "assets/search.json"))
}

func TestBuild_putsSmallerCopiesBesideItsFiles(t *testing.T) {
	site := buildSample(t)
	for _, name := range []string{"index.html", "01-tcp.html", "src/step01-tcp/tcp/server.go.html", "assets/book.css", "assets/search.json"} {
		plain, zipped := site.files[name], site.files[name+".gz"]
		require.NotNil(t, zipped, name)
		require.Less(t, len(zipped.Data), len(plain.Data), name)
		require.Equal(t, string(plain.Data), unzip(t, string(zipped.Data)))
		require.Equal(t, plain.ModTime, zipped.ModTime, "an older one would not be sent")
	}
	// 42 bytes: gzip's own head and checksum are 18.
	require.NotContains(t, site.files, "diagram.svg.gz", "it would be larger")
}

func TestBuild_readsWhatAChapterSaysAboutItself(t *testing.T) {
	chapters, err := readChapters(filesOf(sample))
	require.NoError(t, err)
	require.Len(t, chapters, 2)
	require.Equal(t, "00-start", chapters[0].name)
	require.Equal(t, "How to use this book.", chapters[0].Summary)
	require.Zero(t, chapters[0].Minutes)
	require.Equal(t, "What surrounds one line of Accept.", chapters[1].Summary)
	require.Equal(t, 60, chapters[1].Minutes)

	index := contentOf(t, buildSample(t), "index.html")
	require.Contains(t, index, `<a href="01-tcp.html">Step 1: The accept loop</a> <span class="minutes">60 minutes</span><br>What surrounds one line of Accept.`)
}

func TestBuild_refusesAFolderWithoutChapters(t *testing.T) {
	_, err := Build(filesOf(map[string]string{"README.md": "# No"}), nil)
	require.ErrorContains(t, err, "no chapter")
}

func TestBuild_givesHeadingsTheIDsOfACodeHost(t *testing.T) {
	page := contentOf(t, buildSample(t), "01-tcp.html")
	require.Contains(t, page, `<h1 id="step-1-the-accept-loop"`)
	require.Contains(t, page, `<h2 id="half-close--fin"`)
	require.Contains(t, page, `<h3 id="predict"`)
	require.Contains(t, page, `<h2 id="predict-1"`)
	require.Contains(t, page, `href="#half-close--fin" aria-label="Link to: Half-close &amp; FIN"`)
}

func TestBuild_linksChaptersToTheirNeighbours(t *testing.T) {
	site := buildSample(t)
	first, second := contentOf(t, site, "00-start.html"), contentOf(t, site, "01-tcp.html")
	require.Contains(t, first, `<a rel="next" href="01-tcp.html">`)
	require.NotContains(t, first, `rel="prev"`)
	require.Contains(t, second, `<a rel="prev" href="00-start.html">`)
	require.NotContains(t, second, `rel="next"`)
	require.Contains(t, second, `<a href="01-tcp.html" aria-current="page">`)
}

func TestBuild_leadsLinksToPagesOfTheBook(t *testing.T) {
	site := buildSample(t)
	require.Contains(t, contentOf(t, site, "00-start.html"), `<a href="01-tcp.html#half-close--fin">step 1</a>`)
	page := contentOf(t, site, "01-tcp.html")
	require.Contains(t, page, `<a href="src/step01-tcp/tcp/server.go.html#L3">the server</a>`)
	require.Contains(t, page, `<a href="src/step01-tcp/tcp/index.html">its folder</a>`)
	require.Contains(t, page, `<a href="#predict">above</a>`)
	require.Contains(t, page, `<a href="https://go.dev/">Go</a>`)
	require.NotContains(t, page, ".md")
}

func TestBuild_showsThePathWhereThereIsNoRepository(t *testing.T) {
	site, err := Build(filesOf(sample), nil)
	require.NoError(t, err)
	require.Empty(t, site.Problems, "a missing repository is not the chapter's fault")
	page := contentOf(t, site, "01-tcp.html")
	require.Contains(t, page, "the server (step01-tcp/tcp/server.go),")
	require.Contains(t, page, "<code>step01-tcp/main.go</code>,", "what says its path needs it once")
	require.Contains(t, page, "<figcaption><span>step01-tcp/tcp/server.go <span class=\"symbol\">Server.Serve</span>")
	require.NotContains(t, page, "src/")
}

func TestBuild_reportsALinkThatLeadsNowhere(t *testing.T) {
	site, page := buildChapter(t, "# A\n\n[gone](../step01-tcp/gone.go) ![no](no.svg)\n\n<!-- quote step09/x.go F -->\n```go\nx\n```\n\n[b](02-b.md)\n")
	require.Equal(t, []string{
		"01-tcp.md: it quotes step09/x.go: file does not exist",
		"01-tcp.md: the link to ../step01-tcp/gone.go leads nowhere: file does not exist",
		"01-tcp.md: the link to 02-b.md leads nowhere: file does not exist",
		"01-tcp.md: the image no.svg is not there",
	}, site.Problems)
	require.Contains(t, page, "gone (step01-tcp/gone.go)")
}

func TestBuild_letsNoLinkLeaveTheRepository(t *testing.T) {
	site, _ := buildChapter(t, "# A\n\n[out](../../../etc/passwd) [abs](/etc/passwd)\n")
	require.Len(t, site.Problems, 2)
	for name := range site.files {
		require.NotContains(t, name, "passwd")
	}
}

func TestBuild_showsFilesWithLinesToLinkTo(t *testing.T) {
	page := contentOf(t, buildSample(t), "src/step01-tcp/tcp/server.go.html")
	require.Contains(t, page, `<link rel="stylesheet" href="../../../assets/book.css">`)
	require.Contains(t, page, `<a class="line" id="L7" href="#L7" data-line="7"></a>`)
	require.NotContains(t, page, `id="L9"`, "the file has eight lines")
	require.Contains(t, page, "&lt;served&gt;")

	listing := contentOf(t, buildSample(t), "src/step01-tcp/tcp/index.html")
	require.Contains(t, listing, `<li><a href="server.go.html">server.go</a></li>`)
	require.Contains(t, listing, `<li>picture.png</li>`)
}

func TestBuild_doesNotShowHugeFilesNorPictures(t *testing.T) {
	repository := filesOf(map[string]string{"huge.go": strings.Repeat("x", largestSource+1), "a.png": "\x89PNG"})
	site, err := Build(filesOf(map[string]string{"01-a.md": "# A\n\n[h](../huge.go) [p](../a.png)\n"}), repository)
	require.NoError(t, err)
	require.Contains(t, contentOf(t, site, "src/huge.go.html"), "too large to be shown")
	require.Contains(t, contentOf(t, site, "src/a.png.html"), "not text")
}

func TestBuild_captionsQuotedCode(t *testing.T) {
	page := contentOf(t, buildSample(t), "01-tcp.html")
	require.Contains(t, page, `<figure class="code"><figcaption><span><a href="src/step01-tcp/tcp/server.go.html#L6">step01-tcp/tcp/server.go</a> <span class="symbol">Server.Serve</span></span></figcaption>`)
	require.NotContains(t, page, "<!--", "comments are for tools")
}

func TestBuild_highlightsCode(t *testing.T) {
	page := contentOf(t, buildSample(t), "01-tcp.html")
	require.Contains(t, page, `<span class="key">func</span>`)
	require.Contains(t, page, `<span class="str">&#34;&lt;served&gt;&#34;</span>`)
	require.Contains(t, page, `<span class="com">// at last</span>`)
	require.Contains(t, page, "plain &lt; text")
}

func TestBuild_tellsWhatIsTypedFromWhatIsPrinted(t *testing.T) {
	page := contentOf(t, buildSample(t), "01-tcp.html")
	require.Contains(t, page, `<figure class="code console"><figcaption><span>Terminal: server</span></figcaption><pre><code>`+
		`<span class="prompt">$ </span><span class="typed">go run ./step01-tcp \</span>`+"\n"+
		`<span class="typed">    -addr 127.0.0.1:0</span>`+"\n"+
		`<span class="printed">listening on &lt;port&gt;</span>`+"\n"+
		`<span class="prompt">$ </span><span class="typed">echo &#34;a &amp; b&#34;</span>`+"\n</code>")
}

func TestBuild_tellsInputFromOutput(t *testing.T) {
	session := "```console\n$ nc 127.0.0.1 8080\n> hello\nhello\n^C\n```\n"
	_, page := buildChapter(t, "# A\n\n<!-- console alice vary='\\d+' lanes -->\n"+session)
	require.Contains(t, page, `<figcaption><span>Terminal: alice</span> <span>the lines may come in another order</span></figcaption>`)
	require.Contains(t, page, `<span class="prompt">&gt; </span><span class="typed">hello</span>`+"\n"+
		`<span class="printed">hello</span>`+"\n"+`<span class="pressed">^C</span>`)

	_, page = buildChapter(t, "# A\n\n<!-- console noinput -->\n"+session)
	require.Contains(t, page, `<span class="printed">&gt; hello</span>`)

	_, page = buildChapter(t, "# A\n\n<!-- console not-run: it needs two machines -->\n"+session)
	require.Contains(t, page, `<figcaption><span>Terminal</span></figcaption>`)
}

func TestBuild_saysWhatIsWrongOnPurpose(t *testing.T) {
	_, page := buildChapter(t, "# A\n\n<!-- wrong: can't use \"x\"\nimport \"net\"\n-->\n```go\nx\n```\n")
	require.Contains(t, page, `<figure class="code wrong"><figcaption><span>Wrong on purpose</span> <span>can&#39;t use &#34;x&#34;</span></figcaption>`)
}

func TestBuild_saysWhichQuotedProgramIsWrong(t *testing.T) {
	_, page := buildChapter(t, "# A\n\n<!-- quote step01-tcp/tcp/server.go Server wrong -->\n```go\nx\n```\n")
	require.Contains(t, page, `<figure class="code wrong"><figcaption>`)
	require.Contains(t, page, `<span class="symbol">Server</span></span> <span>Wrong on purpose</span></figcaption>`)
}

func TestBuild_showsAChangeToTry(t *testing.T) {
	_, page := buildChapter(t, "# A\n\n<!-- break step01-tcp/main.go -->\n```diff\n-package main\n+package other\n```\n")
	require.Contains(t, page, `<a href="src/step01-tcp/main.go.html">step01-tcp/main.go</a></span> <span>a change to try, and to take back</span>`)
	require.Contains(t, page, `<span class="del">-package main`)
	require.Contains(t, page, `<span class="ins">+package other`)
}

func TestBuild_takesABlockWithAPromptForASession(t *testing.T) {
	_, page := buildChapter(t, "# A\n\n```\n$ go version\n```\n\n```sh\ngo version\n```\n")
	require.Equal(t, 1, strings.Count(page, `class="code console"`))
}

func TestBuild_indexesEveryHeadingForTheSearch(t *testing.T) {
	var entries []searchEntry
	require.NoError(t, json.Unmarshal([]byte(contentOf(t, buildSample(t), "assets/search.json")), &entries))
	var titles []string
	for _, entry := range entries {
		titles = append(titles, entry.Title)
	}
	require.Equal(t, []string{
		"Start here", "What you need", // 00
		"Step 1: The accept loop", "Half-close & FIN", "Predict", "Predict", // 01
	}, titles)

	require.Equal(t, searchEntry{
		Href:    "01-tcp.html#predict",
		Chapter: "Step 1: The accept loop",
		Title:   "Predict",
		Text:    "Answer It hangs: see zyzzyva.",
	}, entries[4], "folded answers are found too")
	require.Contains(t, entries[3].Text, "Terminal: server $ go run ./step01-tcp", "blocks are apart")
	require.Contains(t, entries[3].Text, "func (s *Server) Serve() string {", "code is searched without its colours")
	require.Contains(t, entries[5].Text, "wrong program half-close forgets ✗", "cells are apart")
}

// The book as it is: whoever writes a chapter learns here that a link is broken.
func TestBuild_findsNoProblemInTheRealBook(t *testing.T) {
	site := buildReal(t)
	require.Empty(t, site.Problems)
	pages, err := fs.Glob(site, "0*.html")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(pages), 6, "the start and five steps")
}
