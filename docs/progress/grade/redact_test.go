package grade

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRedact_leavesOutWhereThingsLie(t *testing.T) {
	root := t.TempDir()
	home, err := os.UserHomeDir()
	require.NoError(t, err)
	g := &Grader{Root: root}
	for text, want := range map[string]string{
		filepath.Join(root, "step01-tcp", "x.go") + ":7:2: undefined: x": filepath.Join("step01-tcp", "x.go") + ":7:2: undefined: x",
		"runtime.gopark()\n\t/usr/local/go/src/runtime/proc.go:402 +0x1": "runtime.gopark()\n\t…/runtime/proc.go:402 +0x1",
		"(/opt/cache/example.test/a@v1/b/c.go:3)":                        "(…/b/c.go:3)",
		`C:\Program\go\src\net\fd.go:9`:                                  `…/net\fd.go:9`,
		"open " + filepath.Join(home, "notes.txt"):                       "open ~/notes.txt",
		"step01-x/exercises/echo/exercise.go:4: undefined":               "step01-x/exercises/echo/exercise.go:4: undefined",
		"GET /users/7/posts gave 404":                                    "GET /users/7/posts gave 404",
		"try: http://127.0.0.1:8080/a/b":                                 "try: http://127.0.0.1:8080/a/b",
	} {
		got := g.redact(Grade{Why: text, Cases: []Case{{Sentence: text, Details: text}}})
		require.Equal(t, want, got.Why)
		require.Equal(t, want, got.Cases[0].Sentence)
		require.Equal(t, want, got.Cases[0].Details)
	}
}
