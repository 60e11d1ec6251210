package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	os.Exit(m.Run())
}

func TestModels_holdsAllConnectionsByOneEventLoop(t *testing.T) {
	status, output, stderr := programtest.Run(t, "-n", "20", "-slow", "1s")
	require.Zero(t, status, stderr)
	held := make(map[string]string)
	for line := range strings.Lines(output) {
		for _, name := range []string{"one at a time", "a thread each", "a goroutine each", "an event loop"} {
			if figures, ok := strings.CutPrefix(line, name); ok {
				held[name] = strings.Fields(figures)[0]
			}
		}
	}
	require.Equal(t, map[string]string{
		"one at a time": "1", "a thread each": "20", "a goroutine each": "20", "an event loop": "20",
	}, held, output)
}
