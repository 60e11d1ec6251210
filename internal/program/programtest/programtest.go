// Package programtest runs a command from its own tests as a user would: as a process with arguments, two streams and an
// exit status.
//
// The process is the test program itself, which [Main] makes the command. So nothing has to be built, and the race detector
// looks at the command, too.
package programtest

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runsMain is set where the process is the command. Processes that the command starts inherit it.
const runsMain = "PROGRAMTEST_RUNS_MAIN"

// Main runs main, and ends the process, if that is one of [Command]. TestMain calls it first.
func Main(main func()) {
	if os.Getenv(runsMain) != "" {
		main()
		os.Exit(0)
	}
}

// Command returns the command with these arguments, not started yet. It is killed at the end of the test.
func Command(t *testing.T, args ...string) *exec.Cmd {
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	// Under the race detector each process sleeps a second before it ends, unless told.
	command.Env = append(os.Environ(), runsMain+"=1", "GORACE=atexit_sleep_ms=0")
	return command
}

// Run runs the command to its end.
func Run(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	command := Command(t, args...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError))
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

// A Server is a command that runs until it is told to stop.
type Server struct {
	*exec.Cmd
	Out  *bufio.Reader // its stdout
	Errs bytes.Buffer  // its stderr; to be looked at after Wait
}

// Start starts a command that serves, and ends it with the test, if it has not ended by then. On Windows the test is skipped: there
// nobody can press Ctrl-C for one process alone.
func Start(t *testing.T, args ...string) *Server {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("on Windows a test cannot press Ctrl-C for one process alone")
	}
	s := &Server{Cmd: Command(t, args...)}
	s.Stderr = &s.Errs
	stdout, err := s.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.Start())
	t.Cleanup(func() {
		s.Process.Kill() // if the test has failed before it ended
		s.Wait()
	})
	s.Out = bufio.NewReader(stdout)
	return s
}

// Address reads the next line, which begins with begin, and returns the rest: where the server listens.
func (s *Server) Address(t *testing.T, begin string) string {
	t.Helper()
	line, err := s.Out.ReadString('\n')
	require.NoError(t, err)
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), begin)
	require.True(t, ok, line)
	return rest
}

// Signal sends a signal.
func (s *Server) Signal(t *testing.T, signal os.Signal) {
	t.Helper()
	require.NoError(t, s.Process.Signal(signal))
}

// StopsInGoodOrder tells the server to stop, and wants that it says so last, and its status to be 0.
func (s *Server) StopsInGoodOrder(t *testing.T) {
	t.Helper()
	s.Signal(t, os.Interrupt)
	said, err := io.ReadAll(s.Out)
	require.NoError(t, err)
	require.NoError(t, s.Wait(), s.Errs.String())
	require.True(t, strings.HasSuffix("\n"+string(said), "\nstopped\n"), "its last line must be \"stopped\", not %q", said)
}

// TakenAddress returns an address on which nobody else can listen until the test ends.
func TakenAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// A Refusal is what a command can't do, and what it must say to that.
type Refusal struct {
	Args   string // separated by spaces
	Says   string // a part of the line
	Status int    // 0 means 2: the arguments are wrong
}

// Refuses runs the command with the arguments of each refusal, and wants one line on stderr, nothing on stdout, and the status.
func Refuses(t *testing.T, refusals []Refusal) {
	for _, r := range refusals {
		t.Run(r.Args, func(t *testing.T) {
			status, stdout, stderr := Run(t, strings.Fields(r.Args)...)
			assert.Equal(t, cmp.Or(r.Status, 2), status)
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, r.Says)
			assert.Equal(t, 1, strings.Count(stderr, "\n"), "one line, not %q", stderr)
		})
	}
}
