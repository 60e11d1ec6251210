package scheduler

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

func TestGenerated_isFormatted(t *testing.T) {
	for _, p := range programs {
		text := play(t, p.name, "").Test
		formatted, err := format.Source([]byte(text))
		require.NoError(t, err)
		require.Equal(t, string(formatted), text)
	}
}

// What the page saves is compiled where it tells the reader to keep it, and passes and fails as the verdict says.
func TestGenerated_passesAndFailsAsTheVerdictSays(t *testing.T) {
	lesson.PlainOnly(t, "it compiles the tests that readers save")
	well := map[string]string{
		"hasty":     "waiter waiter event event waiter",
		"breakfast": "breakfast clock clock breakfast",
		"letter":    "key", // goes on behind that
	}
	ill := map[string]string{
		"hasty":     "waiter event event waiter",
		"forgetful": "tea hello clock tea",
	}
	passes, output := runSaved(t, texts(t, well))
	require.True(t, passes, output)
	for _, name := range []string{"Hasty", "Breakfast", "Letter"} {
		assert.Contains(t, output, "--- PASS: TestSaved"+name)
	}
	passes, output = runSaved(t, texts(t, ill))
	require.False(t, passes, output)
	for program, schedule := range ill {
		require.Contains(t, output, play(t, program, schedule).Verdict)
	}
	require.NotContains(t, output, "--- PASS")
}

func texts(t *testing.T, schedules map[string]string) (texts []string) {
	for program, schedule := range schedules {
		texts = append(texts, play(t, program, schedule).Test)
	}
	return texts
}

// runSaved runs tests as if they were files of this folder.
func runSaved(t *testing.T, texts []string) (passes bool, output string) {
	t.Helper()
	dir := t.TempDir()
	here, err := os.Getwd()
	require.NoError(t, err)
	files := map[string]string{}
	for i, text := range texts {
		name := fmt.Sprintf("saved%d_test.go", i)
		files[filepath.Join(here, name)] = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	overlay := filepath.Join(dir, "overlay.json")
	content, err := json.Marshal(map[string]any{"Replace": files})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, content, 0o644))

	out, err := exec.CommandContext(t.Context(), "go", "test", "-v", "-overlay="+overlay, "-run=Saved", ".").CombinedOutput()
	return err == nil, string(out)
}
