package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// runMain makes this test's program the command itself: the one that measures, and the servers that it starts.
const runMain = "DESIGNS_TEST_RUNS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func run(t *testing.T, args ...string) (status int, stdout, stderr string) {
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	// Under the race detector each process sleeps a second before it ends, unless told.
	c.Env = append(os.Environ(), runMain+"=1", "GORACE=atexit_sleep_ms=0")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError))
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestDesigns_measuresEachUnderEachLoad(t *testing.T) {
	status, stdout, stderr := run(t, "-c", "20", "-d", "100ms", "-rounds", "1", "-markdown", "-only", "node,poll,thread")
	require.Zero(t, status, stderr)
	assert.Empty(t, stderr)
	lines := strings.Split(stdout, "\n")
	require.Equal(t, "|  | node | poll | thread |", lines[0])
	for _, row := range []string{"2 clients, 1 flood: million deliveries/s", "20 talk, 100 messages/s: p50 / p99 ms", "one computes for 100 ms: p99 / longest ms"} {
		i := strings.Index(stdout, "| "+row+" | ")
		require.NotEqual(t, -1, i, "%q\n%s", row, stdout)
		line, _, _ := strings.Cut(stdout[i:], "\n")
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		require.Len(t, cells, 4, line)
		for _, cell := range cells[2:] {
			assert.Regexp(t, `^\d`, cell, line)
		}
		if strings.Contains(stdout, "node was not measured") {
			assert.Equal(t, "-", cells[1])
		} else {
			assert.Regexp(t, `^\d`, cells[1], line)
		}
	}
	assert.NotContains(t, stdout, "has lost")
}

func TestDesigns_refusesWrongArgumentsInOneLine(t *testing.T) {
	for _, test := range []struct {
		args, says string
		status     int
	}{
		{"-c 5", "-c must be between", 2},
		{"-d 1ms", "-d must be between", 2},
		{"-rounds 0", "-rounds must be between", 2},
		{"-serve fork", "it is one of poll, goroutine, thread", 2},
		{"extra", "unexpected argument", 2},
		{"-only poll,fork", `there is no design "fork"`, 1},
		{"-serve poll -addr nowhere", "nowhere", 1},
	} {
		status, stdout, stderr := run(t, strings.Fields(test.args)...)
		assert.Equal(t, test.status, status, test.args)
		assert.Empty(t, stdout, test.args)
		assert.Contains(t, stderr, test.says, test.args)
		assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func TestDesigns_helps(t *testing.T) {
	status, stdout, stderr := run(t, "-h")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	for _, word := range []string{"go run ./step05-select/designs", "-only", "-markdown", "-serve", "-pool", "/work 100"} {
		assert.Contains(t, stdout, word)
	}
}
