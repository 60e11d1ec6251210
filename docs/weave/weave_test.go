package weave_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/weave"
)

// newRepo makes a copy of the small repository in testdata, with one chapter
// more, and returns its root.
func newRepo(t *testing.T, chapter string) (root string) {
	t.Helper()
	root = t.TempDir()
	require.NoError(t, os.CopyFS(root, os.DirFS(filepath.Join("testdata", "repo"))))
	text, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(chapter)))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(root, "docs", filepath.Base(chapter)), text, 0o644))
	return root
}

func TestCheck_findsNothingInTheRightChapter(t *testing.T) {
	problems, err := weave.Check(newRepo(t, "right/all.md"))
	require.NoError(t, err)
	require.Empty(t, problems)
}

var wanted = regexp.MustCompile(`(?s)<!-- want\n(.*?)\n-->`)

// Each wrong chapter ends with the problems that must be found: all of them,
// and no other.
func TestCheck_findsWhatIsWrongInEachWrongChapter(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			match := wanted.FindSubmatch(text)
			require.NotNil(t, match, "the chapter says what it wants")
			want := strings.Split(string(match[1]), "\n")

			problems, err := weave.Check(newRepo(t, "wrong/"+filepath.Base(file)))
			require.NoError(t, err)
			for i, p := range problems {
				require.Less(t, i, len(want), "nobody expects %v", p)
				line, message, _ := strings.Cut(want[i], ": ")
				require.Equal(t, "docs/"+filepath.Base(file), p.File)
				require.Equal(t, line, strconv.Itoa(p.Line), p.Error())
				require.Contains(t, p.Message, message)
			}
			require.Len(t, problems, len(want))
		})
	}
}

func TestRewrite_mendsWhatIsStaleAndNothingElse(t *testing.T) {
	root := newRepo(t, "stale/all.md")
	problems, err := weave.Check(root)
	require.NoError(t, err)
	require.NotEmpty(t, problems)
	for _, p := range problems {
		require.Contains(t, p.Message, weave.Mend)
	}

	changed, err := weave.Rewrite(root)
	require.NoError(t, err)
	require.Equal(t, []string{"docs/all.md"}, changed)
	got, err := os.ReadFile(filepath.Join(root, "docs", "all.md"))
	require.NoError(t, err)
	want, err := os.ReadFile(filepath.Join("testdata", "right", "all.md"))
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))

	changed, err = weave.Rewrite(root)
	require.NoError(t, err)
	require.Empty(t, changed, "what is right stays as it is")
}

func TestRewrite_leavesWhatItCannotFindAndSaysSo(t *testing.T) {
	root := newRepo(t, "wrong/quotes.md")
	_, err := weave.Rewrite(root)
	require.ErrorContains(t, err, "docs/quotes.md:10: step01-demo/demo/demo.go has no Greeter.Shout")

	problems, err := weave.Check(root)
	require.NoError(t, err)
	for _, p := range problems {
		require.NotContains(t, p.Message, weave.Mend, "what could be mended is")
	}
}

func TestSlug_isGitHubs(t *testing.T) {
	for heading, want := range map[string]string{
		"Step 1: a TCP server":    "step-1-a-tcp-server",
		"What's next?":            "whats-next",
		"snake_case stays":        "snake_case-stays",
		"Two  spaces & a sign":    "two--spaces--a-sign",
		"Größe, 日本語 — and a dash": "größe-日本語--and-a-dash",
		"`net.Conn` in code":      "netconn-in-code",
	} {
		require.Equal(t, want, weave.Slug(strings.ReplaceAll(heading, "`", "")), heading)
	}
}

func TestRoot_isThisRepositoryAndNoOtherModule(t *testing.T) {
	root, err := weave.Root(filepath.Join("testdata", "repo")) // which has a go.mod of its own
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(root, "docs", "weave", "weave.go"))

	elsewhere := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(elsewhere, "go.mod"), []byte("module example.com/mine\n"), 0o644))
	_, err = weave.Root(elsewhere)
	require.ErrorContains(t, err, "the tutorial's")
}
