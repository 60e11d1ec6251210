package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
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

// models runs the command as a user would.
func models(t *testing.T, args string) (status int, stdout, stderr string) {
	command := exec.CommandContext(t.Context(), os.Args[0], strings.Fields(args)...)
	// Under the race detector each process sleeps a second before it ends, unless told.
	command.Env = append(os.Environ(), runMain+"=1", "GORACE=atexit_sleep_ms=0")
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError))
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestModels_printsALineForEachModel(t *testing.T) {
	status, stdout, stderr := models(t, "-n 20 -slow 1s")
	require.Zero(t, status, stderr)
	assert.Empty(t, stderr)

	held := make(map[string]string)
	for line := range strings.Lines(stdout) {
		for _, name := range []string{"one at a time", "a thread each", "a goroutine each"} {
			if figures, ok := strings.CutPrefix(line, name); ok {
				held[name] = strings.Fields(figures)[0]
			}
		}
	}
	assert.Equal(t, map[string]string{"one at a time": "1", "a thread each": "20", "a goroutine each": "20"}, held, stdout)
}

func TestModels_refusesWrongArgumentsInOneLine(t *testing.T) {
	for _, test := range []struct{ args, says string }{
		{"-x", "flag provided but not defined: -x"},
		{"-n many", `invalid value "many" for flag -n: it must be a number, at least 1`},
		{"-n 0", "it must be a number, at least 1"},
		{"-slow 0s", "it must be a time between 1ms and 1m"},
		{"-slow 2h", "it must be a time between 1ms and 1m"},
		{"-n 5 extra", `unexpected argument "extra"`},
		{"serve-model", `unexpected argument "serve-model"`},
	} {
		status, stdout, stderr := models(t, test.args)
		assert.Equal(t, 2, status, test.args)
		assert.Empty(t, stdout, test.args)
		assert.Contains(t, stderr, test.says)
		assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func TestModels_helps(t *testing.T) {
	status, stdout, stderr := models(t, "-h")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	for _, word := range []string{"go run ./step01-tcp/models", "-n clients", "-slow time", "-markdown", "held", "threads"} {
		assert.Contains(t, stdout, word)
	}
}
