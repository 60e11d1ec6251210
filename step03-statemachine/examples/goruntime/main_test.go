package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow_findsTheGoroutineInThePoller(t *testing.T) {
	var out strings.Builder
	require.NoError(t, show(&out))
	require.Contains(t, out.String(), "100 goroutines wait in Read. One of them, as a stack trace shows it:\n   state: IO wait\n")
	require.Contains(t, out.String(), "   internal/poll.runtime_pollWait\n")
	require.Contains(t, out.String(), "   net.(*conn).Read\n")
	require.Contains(t, out.String(), "A byte has come for each, and all have returned.")
}

// The table names files and functions of Go's runtime. They are there, in this version of Go.
func TestShow_namesWhatIsInGOROOT(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("there is no go command here")
	}
	folder := filepath.Join(strings.TrimSpace(string(root)), "src", "runtime")
	for file, functions := range map[string][]string{
		"proc.go":          {"func gopark(", "func goready(", "func findRunnable("},
		"netpoll.go":       {"func poll_runtime_pollWait(", "rg "},
		"netpoll_epoll.go": {"func netpoll("},
	} {
		source, err := os.ReadFile(filepath.Join(folder, file))
		require.NoError(t, err)
		for _, f := range functions {
			require.Contains(t, string(source), f, file)
		}
	}
}

func TestRecord_writesGosOwnTrace(t *testing.T) {
	name := filepath.Join(t.TempDir(), "go.trace")
	require.NoError(t, record(name, func() error { return show(new(strings.Builder)) }))
	written, err := os.ReadFile(name)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(written), "go 1."), "the header of a trace")
}
