package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// runMain makes this test's program the command itself.
const runMain = "STEP05_TEST_RUNS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// step05 is the command with these arguments, not started yet.
func step05(t *testing.T, args ...string) *exec.Cmd {
	lesson.PlainOnly(t, "it starts programs")
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), runMain+"=1")
	return command
}

func TestMain_saysInOneLineWhatIsWrong(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, test := range []struct {
		args, says string
		status     int
	}{
		{"-addr " + taken.Addr().String(), taken.Addr().String() + " is in use", 1},
		{"-addr 127.0.0.1:0 -web " + taken.Addr().String(), taken.Addr().String() + " is in use", 1},
		{"-engine thread", `invalid value "thread" for flag -engine: it is goroutine or poll`, 2},
		{"-rate -1", "flag -rate: it is a number from 0 to 100000", 2},
		{"-rate NaN", "flag -rate", 2},
		{"-rate fast", "flag -rate", 2},
		{"-history -1", "flag -history: it is a number from 0 to 10000", 2},
		{"-history 1.5", "flag -history", 2},
		{"-max-line 0", "flag -max-line: it is a number from 1 to 131072", 2},
		{"8080", `unexpected argument "8080"`, 2},
	} {
		command := step05(t, strings.Fields(test.args)...)
		var stderr bytes.Buffer
		command.Stderr = &stderr
		require.ErrorAs(t, command.Run(), new(*exec.ExitError), test.args)
		assert.Equal(t, test.status, command.ProcessState.ExitCode(), test.args)
		assert.Contains(t, stderr.String(), test.says)
		assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
	}
}

// A chat that can't be joined with others is better than none.
func TestMain_servesAloneWithoutNATS(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows a test cannot press Ctrl-C for one process alone")
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := taken.Addr().String()
	require.NoError(t, taken.Close())
	for _, test := range []struct{ url, says string }{
		{"nats://a b:4222", "-nats is of no use, this server is alone"},
		{"nats://ana:secret@" + nobody, "NATS can't be reached; this server is alone, and keeps trying"},
	} {
		for _, engine := range []string{"goroutine", "poll"} {
			command := step05(t, "-addr", "127.0.0.1:0", "-web", "", "-nats", test.url, "-engine", engine)
			var stderr bytes.Buffer
			command.Stderr = &stderr
			pipe, err := command.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, command.Start())
			stdout := bufio.NewReader(pipe)
			greeting, err := stdout.ReadString('\n')
			require.NoError(t, err)
			conn, err := net.Dial("tcp", strings.TrimSpace(strings.TrimPrefix(greeting, "chat server on ")))
			require.NoError(t, err)
			_, err = fmt.Fprint(conn, "/join go\n/who\n/quit\n")
			require.NoError(t, err)
			var told bytes.Buffer
			_, err = told.ReadFrom(conn)
			require.NoError(t, err)
			assert.Contains(t, told.String(), "* you are in #go, alone\n* 1 person in #go: guest1")
			require.NoError(t, conn.Close())
			require.NoError(t, command.Process.Signal(os.Interrupt))
			var rest bytes.Buffer
			_, err = rest.ReadFrom(stdout)
			require.NoError(t, err)
			assert.True(t, strings.HasSuffix(rest.String(), "\nstopped\n"), rest.String())
			require.NoError(t, command.Wait())
			assert.Contains(t, stderr.String(), test.says)
			assert.NotContains(t, stderr.String(), "secret")
			assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
		}
	}
}
