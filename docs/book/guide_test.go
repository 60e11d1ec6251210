package book

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
)

// taught is the sample with a guide.
func taught(t *testing.T, guide map[string]string) *Site {
	t.Helper()
	texts := maps.Clone(sample)
	maps.Copy(texts, guide)
	site, err := Build(filesOf(texts), filesOf(sampleRepository))
	require.NoError(t, err)
	return site
}

var sampleGuide = map[string]string{
	"workshop/01-tcp.md": "# Teaching step 1\n\n<!-- chapter: What to say. -->\n\n## The [chapter](../01-tcp.md#predict)\n\n" +
		"[guide](README.md), [server](../../step01-tcp/tcp/server.go#L3), ![states](../diagram.svg) ![own](own.svg)\n\n" +
		"<!-- break step01-tcp/main.go -->\n```diff\n-package main\n+package other\n```\n",
	"workshop/README.md":     "# A guide\n\nSee [what to hand out](handout-01.md).\n",
	"workshop/handout-01.md": "# Step 1 on a page\n",
	"workshop/own.svg":       `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	"workshop/schedule.json": "{}",
}

func TestBuild_showsTheGuideOfThoseWhoTeach(t *testing.T) {
	site := taught(t, sampleGuide)
	require.Empty(t, site.Problems)
	require.Contains(t, site.files, "workshop/own.svg")
	require.NotContains(t, site.files, "workshop/schedule.json")

	index := contentOf(t, site, "index.html")
	require.Contains(t, index, `<a href="workshop/index.html">A guide</a>`)
	require.Contains(t, index, `<a href="workshop/01-tcp.html">Teaching step 1</a>: What to say.`)

	script := contentOf(t, site, "workshop/01-tcp.html")
	require.Contains(t, script, `<a href="../01-tcp.html#predict">chapter</a>`)
	require.Contains(t, script, `<a href="../workshop/index.html">guide</a>`)
	require.Contains(t, script, `<a href="../src/step01-tcp/tcp/server.go.html#L3">server</a>`)
	require.Contains(t, script, `<a href="../src/step01-tcp/main.go.html">step01-tcp/main.go</a>`)
	require.Contains(t, script, `<a rel="prev" href="../workshop/index.html">`)
	require.Contains(t, script, `<a href="../workshop/01-tcp.html" aria-current="page">Teaching step 1</a>`)
	require.Contains(t, contentOf(t, site, "workshop/handout-01.html"), `class="guide handout"`)

	require.NotContains(t, contentOf(t, site, "assets/search.json"), "Teaching step 1")
	chapter := contentOf(t, site, "01-tcp.html")
	require.Contains(t, chapter, `<a href="workshop/index.html">Teach it</a>`)
	require.NotContains(t, chapter, "Teaching step 1", "the contents of a chapter have one line for it")
}

func TestBuild_checksTheGuideAsItChecksChapters(t *testing.T) {
	site := taught(t, map[string]string{"workshop/README.md": "# A\n\n[b](02-b.md) ![c](c.svg)\n"})
	require.Equal(t, []string{
		"workshop/README.md: the link to 02-b.md leads nowhere: file does not exist",
		"workshop/README.md: the image c.svg is not there",
	}, site.Problems)
}

func TestBuild_needsNoGuide(t *testing.T) {
	require.NotContains(t, contentOf(t, buildSample(t), "index.html"), "Teach it")
}
