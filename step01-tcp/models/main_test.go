package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	os.Exit(m.Run())
}

func TestModels_printsALineForEachModel(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, "-n", "20", "-slow", "1s")
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
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "-x", Says: "flag provided but not defined: -x"},
		{Args: "-n many", Says: `invalid value "many" for flag -n: it must be a number, at least 1`},
		{Args: "-n 0", Says: "it must be a number, at least 1"},
		{Args: "-slow 0s", Says: "it must be a time between 1ms and 1m"},
		{Args: "-slow 2h", Says: "it must be a time between 1ms and 1m"},
		{Args: "-n 5 extra", Says: `unexpected argument "extra"`},
		{Args: "serve-model", Says: `unexpected argument "serve-model"`},
	})
}

func TestModels_helps(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, "-h")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	for _, word := range []string{"go run ./step01-tcp/models", "-n clients", "-slow time", "-markdown", "held", "threads"} {
		assert.Contains(t, stdout, word)
	}
}
