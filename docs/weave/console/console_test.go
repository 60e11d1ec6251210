package console_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/weave"
	"example.com/async/docs/weave/console"
	"example.com/async/internal/lesson"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const folder = "docs/weave/console/testdata"

// newRunner makes a Runner for this repository, or skips the test.
func newRunner(t *testing.T) (runner *console.Runner, root string) {
	t.Helper()
	root, err := weave.Root(".")
	require.NoError(t, err)
	runner, err = console.New(root, map[string]console.Tool{"nc": {Package: "./" + folder + "/nc"}})
	if errors.Is(err, console.ErrNoShell) || errors.Is(err, console.ErrNested) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, runner.Close()) })
	return runner, root
}

// chapters reads the Markdown files of a folder in testdata.
func chapters(t *testing.T, root, name string) []*weave.Chapter {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", name, "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []*weave.Chapter
	for _, file := range files {
		c, err := weave.ReadChapter(root, folder+"/"+name+"/"+filepath.Base(file))
		require.NoError(t, err)
		all = append(all, c)
	}
	return all
}

func TestRun_acceptsWhatTheRightChaptersShow(t *testing.T) {
	lesson.PlainOnly(t, "it runs programs")
	runner, root := newRunner(t)
	for _, c := range chapters(t, root, "right") {
		sessions, problems := console.Parse(c)
		require.Empty(t, problems)
		require.NotEmpty(t, sessions)
		for _, s := range sessions {
			t.Run(s.Title, func(t *testing.T) {
				require.NoError(t, runner.Run(t.Context(), s))
			})
		}
	}
}

// Each wrong chapter begins with the line that must be blamed, and with what
// the message must hold.
func TestRun_saysWhatIsWrongInEachWrongChapter(t *testing.T) {
	lesson.PlainOnly(t, "it runs programs")
	root, err := weave.Root(".")
	require.NoError(t, err)
	for _, c := range chapters(t, root, "wrong") {
		t.Run(strings.TrimSuffix(filepath.Base(c.Path), ".md"), func(t *testing.T) {
			t.Parallel() // some of them wait for a time limit
			runner, _ := newRunner(t)
			sessions, problems := console.Parse(c)
			require.Empty(t, problems)
			require.Len(t, sessions, 1)
			requireWanted(t, c, runner.Run(t.Context(), sessions[0]))
		})
	}
}

func TestParse_saysWhatIsWrongInEachBadForm(t *testing.T) {
	root, err := weave.Root(".")
	require.NoError(t, err)
	for _, c := range chapters(t, root, "form") {
		t.Run(strings.TrimSuffix(filepath.Base(c.Path), ".md"), func(t *testing.T) {
			sessions, problems := console.Parse(c)
			require.Empty(t, sessions)
			require.Len(t, problems, 1)
			requireWanted(t, c, problems[0])
		})
	}
}

func TestRun_namesTheProgramThatIsNotInstalled(t *testing.T) {
	runner, root := newRunner(t)
	c, err := weave.ReadChapter(root, folder+"/missing.md")
	require.NoError(t, err)
	sessions, problems := console.Parse(c)
	require.Empty(t, problems)

	var missing *console.MissingError
	require.ErrorAs(t, runner.Run(t.Context(), sessions[0]), &missing)
	require.Equal(t, "no-such-program", missing.Program)
}

func TestNew_refusesToRunASessionInASession(t *testing.T) {
	runner, root := newRunner(t)
	c, err := weave.ReadChapter(root, folder+"/nested.md")
	require.NoError(t, err)
	sessions, _ := console.Parse(c)
	require.NoError(t, runner.Run(t.Context(), sessions[0]))

	t.Setenv("CONSOLE_SESSION", "1")
	_, err = console.New(root, nil)
	require.ErrorIs(t, err, console.ErrNested)
}

func TestRun_endsWithItsContext(t *testing.T) {
	runner, root := newRunner(t)
	c, err := weave.ReadChapter(root, folder+"/wrong/hang.md")
	require.NoError(t, err)
	sessions, _ := console.Parse(c)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, runner.Run(ctx, sessions[0]))
}

// A command may end, and leave a program behind that its chapter does not show.
func TestRun_endsWhatACommandHasLeftBehind(t *testing.T) {
	lesson.PlainOnly(t, "it runs programs")
	runner, _ := newRunner(t)
	dir := t.TempDir()
	said := filepath.Join(dir, "said")
	chapter := fmt.Sprintf("## Left behind\n\n```console\n"+
		"$ go run ./%s/echo > '%s' & until grep -q listening '%s'; do sleep 0.01; done\n```\n", folder, said, said)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "chapter.md"), []byte(chapter), 0o644))
	c, err := weave.ReadChapter(dir, "chapter.md")
	require.NoError(t, err)
	sessions, problems := console.Parse(c)
	require.Empty(t, problems)
	require.NoError(t, runner.Run(t.Context(), sessions[0]))

	text, err := os.ReadFile(said)
	require.NoError(t, err)
	address := strings.TrimSpace(strings.TrimPrefix(string(text), "listening on "))
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, 10*time.Second, 10*time.Millisecond, "%s still listens", address)
}

var wanted = regexp.MustCompile(`^<!-- want (\d+)\n((?s:.*?))\n-->`)

// requireWanted compares an error with the comment at the head of a chapter.
func requireWanted(t *testing.T, c *weave.Chapter, err error) {
	t.Helper()
	match := wanted.FindStringSubmatch(string(c.Source))
	require.NotNil(t, match, "the chapter says what it wants")
	require.Error(t, err)
	require.Contains(t, err.Error(), fmt.Sprintf("%s:%s: ", c.Path, match[1]))
	// White space aside: messages align their columns.
	message := strings.Join(strings.Fields(err.Error()), " ")
	for _, part := range strings.Split(match[2], "\n") {
		require.Contains(t, message, part)
	}
}
