package lesson

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Change is a wrong program that is the step's own code but for one place. It is
// for code whose faults lie in the order of two lines, where an implementation apart
// would be a copy of everything else.
type Change struct {
	// Name says what is wrong, in a few words: "looks, then announces that it will sleep".
	Name string
	// File holds the code, relative to the folder of the test.
	File string
	// Old must stand in the file exactly once. New takes its place.
	Old, New string
	// Test is the test of this package that must catch it, with its subtest if
	// it has one: "TestTask/wake-during-poll".
	Test string
	// Message is a part of what that test then says.
	Message string
}

// changeLimit is how long a test may take that runs on changed code. A fault that makes it hang
// is found by then, and go test prints where everybody waits.
const changeLimit = 30 * time.Second

// ChangeMuseum makes the changes, one at a time, and fails the test t unless each is caught by the
// test that it names, with its message. The files themselves stay as they are: go test
// is run again with -overlay, so the package is compiled once for each change. That takes a second
// or two each, therefore see [PlainOnly].
//
// It compares the table of changes with testdata/NAME.md, as [Museum] does.
func ChangeMuseum(t *testing.T, changes []Change) {
	PlainOnly(t, "it compiles the package once for each change")
	var table strings.Builder
	table.WriteString("| the change | in | is caught by |\n| --- | --- | --- |\n")
	for _, c := range changes {
		file := strings.TrimPrefix(filepath.ToSlash(c.File), "../") // as one says it in a chapter
		fmt.Fprintf(&table, "| %s | `%s` | `%s` |\n", c.Name, file, c.Test)
	}
	t.Run("exhibits", func(t *testing.T) {
		for _, c := range changes {
			t.Run(c.Name, func(t *testing.T) {
				t.Parallel()
				output, err := testChanged(t, c)
				said := shortened(output)
				require.Error(t, err, "%s does not notice it:\n%s", c.Test, said)
				require.False(t, strings.Contains(output, "[build failed]"), "the change should compile:\n%s", said)
				require.False(t, strings.Contains(output, "no tests to run"), "there is no %s", c.Test)
				assert.NotEmpty(t, c.Message)
				assert.True(t, strings.Contains(output, c.Message), "%s must say %q, and says:\n%s", c.Test, c.Message, said)
			})
		}
	})
	compareFile(t, "testdata/"+t.Name()+".md", table.String())
}

// testChanged runs the test that is meant for a change, on the changed code.
func testChanged(t *testing.T, c Change) (output string, err error) {
	original, err := filepath.Abs(c.File)
	require.NoError(t, err)
	source, err := os.ReadFile(original)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(source), c.Old), "how often %s has what is to be changed", c.File)

	folder := t.TempDir()
	changed := filepath.Join(folder, "changed.go")
	text := strings.Replace(string(source), c.Old, c.New, 1)
	require.NoError(t, os.WriteFile(changed, []byte(text), 0o644))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	require.NoError(t, err)
	overlayFile := filepath.Join(folder, "overlay.json")
	require.NoError(t, os.WriteFile(overlayFile, overlay, 0o644))

	// Building on a loaded machine takes its time, too.
	ctx, cancel := context.WithTimeout(t.Context(), 5*changeLimit)
	defer cancel()
	run := exec.CommandContext(ctx, "go", "test", "-vet=off", "-count=1", "-overlay="+overlayFile,
		"-run="+exactly(c.Test), "-timeout="+changeLimit.String(), ".")
	run.Env = append(os.Environ(), "GOFLAGS=") // tags and more of the outer run are not for this one
	printed, err := run.CombinedOutput()
	return string(printed), err
}

// shortened is the beginning of what a test has printed: the stacks of a hundred goroutines would
// hide what it has said.
func shortened(output string) string {
	const most = 4 << 10
	if len(output) <= most {
		return output
	}
	return output[:most] + "\n[and so on]"
}

// exactly is the pattern for go test -run that matches this test and no other.
func exactly(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + part + "$"
	}
	return strings.Join(parts, "/")
}
