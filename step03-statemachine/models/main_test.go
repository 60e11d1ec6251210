package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// runMain makes this test's program the command itself. The servers that the
// command starts inherit it.
const runMain = "MODELS_TEST_RUNS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestModels_holdsAllConnectionsByOneEventLoop(t *testing.T) {
	command := exec.CommandContext(t.Context(), os.Args[0], "-n", "20", "-slow", "1s")
	command.Env = append(os.Environ(), runMain+"=1", "GORACE=atexit_sleep_ms=0")
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	held := make(map[string]string)
	for line := range strings.Lines(string(output)) {
		for _, name := range []string{"one at a time", "a thread each", "a goroutine each", "an event loop"} {
			if figures, ok := strings.CutPrefix(line, name); ok {
				held[name] = strings.Fields(figures)[0]
			}
		}
	}
	require.Equal(t, map[string]string{
		"one at a time": "1", "a thread each": "20", "a goroutine each": "20", "an event loop": "20",
	}, held, string(output))
}
