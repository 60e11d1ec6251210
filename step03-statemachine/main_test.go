package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step02-http/site"
	"example.com/async/step03-statemachine/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServe_saysInOneLineWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		workers            int
		reactor, traceFile string
		message            string
	}{
		{0, "", "", "-workers"},
		{1, "kqueue", "", `there is no reactor "kqueue": choose epoll or portable`},
		{1, "portable", "picture.png", ".svg, .json or .txt"},
		{1, "portable", filepath.Join(t.TempDir(), "none", "trace.svg"), "-trace: "},
	} {
		err := serve(&site.Settings{Address: "127.0.0.1:0"}, test.workers, test.reactor, test.traceFile)
		require.ErrorContains(t, err, test.message)
		require.NotContains(t, err.Error(), "\n")
	}
}

func TestStartTrace_writesWhatTheEndingSays(t *testing.T) {
	folder := t.TempDir()
	written := func(name string) string {
		path := filepath.Join(folder, name)
		events, write, err := startTrace(path)
		require.NoError(t, err)
		events.Record(trace.Event{Kind: trace.Spawned, Task: 1})
		require.NoError(t, write())
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(text)
	}
	require.True(t, strings.HasPrefix(written("a.svg"), "<svg "))
	require.True(t, json.Valid([]byte(written("a.json"))))
	require.Contains(t, written("a.txt"), "task 1")
}
