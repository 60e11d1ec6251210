package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	goleak.VerifyTestMain(m)
}

func TestDesigns_measuresEachUnderEachLoad(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, "-c", "20", "-d", "100ms", "-rounds", "1", "-markdown", "-only", "node,poll,thread")
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
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "-c 5", Says: "-c must be between"},
		{Args: "-d 1ms", Says: "-d must be between"},
		{Args: "-rounds 0", Says: "-rounds must be between"},
		{Args: "-serve fork", Says: "it is one of poll, goroutine, thread"},
		{Args: "extra", Says: "unexpected argument"},
		{Args: "-only poll,fork", Says: `there is no design "fork"`, Status: 1},
		{Args: "-serve poll -addr nowhere", Says: "nowhere", Status: 1},
	})
}

func TestDesigns_helps(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, "-h")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	for _, word := range []string{"go run ./step05-select/designs", "-only", "-markdown", "-serve", "-pool", "/work 100"} {
		assert.Contains(t, stdout, word)
	}
}
