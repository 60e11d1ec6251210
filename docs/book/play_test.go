package book

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBuild_framesWhatTheReaderCanStart(t *testing.T) {
	site, page := buildChapter(t, "# A\n\n<!-- play parser -->\n```text\nstill\n```\n\nafter\n\n<!-- play parser -->\n<!-- console alice -->\n```console\n$ go version\n```\n")
	require.Empty(t, site.Problems)
	require.Contains(t, page, "<figure class=\"play\" data-play=\"parser\">\n<figure class=\"code\"><pre><code>still\n</code></pre></figure>\n</figure>\n<p>after</p>\n")
	require.Contains(t, page, "<figure class=\"play\" data-play=\"parser\">\n<figure class=\"code console\"><figcaption><span>Terminal: alice</span></figcaption>", "a caption stays one")
	for _, line := range []string{
		`<link rel="stylesheet" href="play/play.css">`, `<link rel="stylesheet" href="play/parser.css">`,
		`<script type="module" src="play/parser.js"></script>`,
	} {
		require.Equal(t, 1, strings.Count(page, line), "two figures share %s", line)
	}
	require.NotEmpty(t, contentOf(t, site, "play/parser.js"))
	require.NotEmpty(t, contentOf(t, site, "play/play.js"), "which that one imports")
	require.NotEmpty(t, contentOf(t, site, "play/play.css"))
	require.NotContains(t, contentOf(t, site, "index.html"), "play/")
	requireBalanced(t, "01-tcp.html", page)
}

func TestBuild_framesAStillImage(t *testing.T) {
	chapters := filesOf(map[string]string{
		"01-tcp.md": "# A\n\n<!-- play parser -->\n![still](still.svg)\n\nafter\n",
		"still.svg": sample["diagram.svg"],
	})
	site, err := Build(chapters, nil)
	require.NoError(t, err)
	require.Empty(t, site.Problems)
	require.Contains(t, contentOf(t, site, "01-tcp.html"),
		"<figure class=\"play\" data-play=\"parser\">\n<p><img src=\"still.svg\" alt=\"still\"></p>\n</figure>\n<p>after</p>\n")
	require.Contains(t, site.files, "still.svg")
}

func TestBuild_reportsAPictureThatIsNone(t *testing.T) {
	for _, name := range []string{"nothing", "../parser", "", "parser models"} {
		site, page := buildChapter(t, "# A\n\n<!-- play "+name+" -->\n```text\nstill\n```\n")
		require.Len(t, site.Problems, 1, name)
		require.Contains(t, site.Problems[0], "no moving picture")
		require.NotContains(t, page, "play", "the still picture is all there is")
		require.Contains(t, page, "still")
	}
}
