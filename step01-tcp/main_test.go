package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// runMain makes this test's program the command itself.
const runMain = "STEP01_TEST_RUNS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// step01 is the command with these arguments, not started yet.
func step01(t *testing.T, args ...string) *exec.Cmd {
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	// Under the race detector each process sleeps a second before it ends, unless told.
	command.Env = append(os.Environ(), runMain+"=1", "GORACE=atexit_sleep_ms=0")
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
		{"-addr " + taken.Addr().String(), taken.Addr().String() + " is in use by another program: stop that program", 1},
		{"-addr 8080", "an address looks like 127.0.0.1:8080", 1},
		{"-idle soon", `invalid value "soon" for flag -idle`, 2},
		{"8080", `unexpected argument "8080"`, 2},
	} {
		command := step01(t, strings.Fields(test.args)...)
		var stderr bytes.Buffer
		command.Stderr = &stderr
		require.ErrorAs(t, command.Run(), new(*exec.ExitError), test.args)
		assert.Equal(t, test.status, command.ProcessState.ExitCode(), test.args)
		assert.Contains(t, stderr.String(), test.says)
		assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
	}
}

func TestMain_stopsInGoodOrder(t *testing.T) {
	server := start(t)
	client := server.dial(t)
	_, err := io.WriteString(client, "hello")
	require.NoError(t, err)
	_, err = io.ReadFull(client, make([]byte, len("hello")))
	require.NoError(t, err)
	server.signal(t, syscall.SIGTERM)
	said, err := io.ReadAll(server.stdout)
	require.NoError(t, err)
	assert.Equal(t, "stopped\n", string(said))
	require.NoError(t, server.Wait())
}

func TestMain_aDrainOfZeroCutsAtOnce(t *testing.T) {
	server := start(t, "-drain", "0")
	server.stuckClient(t)
	begin := time.Now()
	server.signal(t, os.Interrupt)
	require.ErrorAs(t, server.Wait(), new(*exec.ExitError), "a connection was cut")
	assert.Equal(t, 1, server.ProcessState.ExitCode())
	assert.Contains(t, server.stderr.String(), "1 connection(s) cut")
	assert.Less(t, time.Since(begin), 5*time.Second, "the Server's own default is 10 s")
}

func TestMain_aSecondInterruptEndsItAtOnce(t *testing.T) {
	server := start(t, "-drain", "1h")
	server.stuckClient(t)
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	server.signal(t, os.Interrupt)
	for { // the program cannot say when it has heard the first: one of the next is the second
		select {
		case err := <-ended:
			require.ErrorAs(t, err, new(*exec.ExitError))
			assert.False(t, server.ProcessState.Exited(), "the signal itself ends it")
			return
		case <-time.After(10 * time.Millisecond):
			_ = server.Process.Signal(os.Interrupt) // an error if it has just ended
		}
	}
}

// A server is the command, which listens at address.
type server struct {
	*exec.Cmd
	address string
	stdout  *bufio.Reader
	stderr  bytes.Buffer
}

func start(t *testing.T, args ...string) *server {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows a test cannot press Ctrl-C for one process alone")
	}
	s := &server{Cmd: step01(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...)}
	s.Stderr = &s.stderr
	stdout, err := s.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.Start())
	t.Cleanup(func() {
		s.Process.Kill() // if the test has failed before it ended
		s.Wait()
	})
	s.stdout = bufio.NewReader(stdout)
	for _, begin := range []string{"echo server on ", "try: nc 127.0.0.1 "} {
		line, err := s.stdout.ReadString('\n')
		require.NoError(t, err)
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), begin)
		require.True(t, ok, line)
		if s.address == "" {
			s.address = rest
		}
	}
	return s
}

func (s *server) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	require.NoError(t, s.Process.Signal(signal))
}

func (s *server) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// stuckClient sends, and never reads, until its handler waits in Write: then nothing more goes through.
func (s *server) stuckClient(t *testing.T) {
	t.Helper()
	conn := s.dial(t)
	for text := make([]byte, 1<<20); ; {
		require.NoError(t, conn.SetWriteDeadline(time.Now().Add(time.Second)))
		if n, err := conn.Write(text); err != nil {
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			if n == 0 {
				return
			}
		}
	}
}
