package weave_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/ast"

	"example.com/async/docs/weave"
)

func TestSlides_areTheMarkedParts(t *testing.T) {
	c, err := weave.ReadChapter(filepath.Join("testdata", "right"), "all.md")
	require.NoError(t, err)
	slides, problems := weave.Slides(c.Doc, c.Source)
	require.Empty(t, problems)
	require.Len(t, slides, 3)

	block := slides[0]
	require.Equal(t, "A block alone", block.Title)
	require.Equal(t, 2, block.Minutes)
	require.Equal(t, "slides", block.Section)
	require.Len(t, block.Blocks, 1, "and not the paragraph below")
	require.Len(t, block.Notes, 1)
	require.Equal(t, "Say that `step01-demo/demo/demo.go` is short.\n\nAsk: who greets?", block.Notes[0].Rest)

	whole := slides[1]
	require.Len(t, whole.Notes, 1, "a note may stand anywhere")
	require.NotNil(t, weave.Lead(whole.Blocks[0].Node), "a paragraph is there for its bold words")
	require.False(t, whole.Blocks[0].Folded)
	require.Len(t, whole.Blocks, 4, "the answer: its beginning, a paragraph, its end")
	for _, b := range whole.Blocks[1:] {
		require.True(t, b.Folded)
	}
	require.Equal(t, ast.KindParagraph, whole.Blocks[2].Node.Kind())
	require.Len(t, slides[2].Blocks, 3, "an answer is one block")
}

func TestSlideCode_leavesOutTheCommentsAboveDeclarations(t *testing.T) {
	const code = "// A T is one.\n//\n//\ta → b\n//\n// Or two.\ntype T int // here\n\n//go:noinline\nfunc (T) F() {\n\t// inside\n}\n"
	require.Equal(t, "//\ta → b\ntype T int // here\n\n//go:noinline\nfunc (T) F() {\n\t// inside\n}\n", weave.SlideCode("go", code))
	require.Equal(t, code, weave.SlideCode("text", code))
	require.Equal(t, "// Only this.\n", weave.SlideCode("go", "// Only this.\n"))
}

// The README shows the marks; what it says of their limits must be so.
func TestSlides_areDescribed(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	require.Contains(t, string(text), "at most 34 lines")
}
