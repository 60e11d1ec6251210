package main

import (
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	os.Exit(m.Run())
}

func TestMain_saysInOneLineWhatIsWrong(t *testing.T) {
	taken := programtest.TakenAddress(t)
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "-addr " + taken, Says: taken + " is in use by another program: stop that program", Status: 1},
		{Args: "-addr 8080", Says: "an address looks like 127.0.0.1:8080", Status: 1},
		{Args: "-idle soon", Says: `invalid value "soon" for flag -idle`},
		{Args: "8080", Says: `unexpected argument "8080"`},
	})
}

func TestMain_stopsInGoodOrder(t *testing.T) {
	server := start(t)
	client := server.dial(t)
	_, err := io.WriteString(client, "hello")
	require.NoError(t, err)
	_, err = io.ReadFull(client, make([]byte, len("hello")))
	require.NoError(t, err)
	server.Signal(t, syscall.SIGTERM)
	said, err := io.ReadAll(server.Out)
	require.NoError(t, err)
	assert.Equal(t, "stopped\n", string(said))
	require.NoError(t, server.Wait())
}

func TestMain_aDrainOfZeroCutsAtOnce(t *testing.T) {
	server := start(t, "-drain", "0")
	server.stuckClient(t)
	begin := time.Now()
	server.Signal(t, os.Interrupt)
	require.ErrorAs(t, server.Wait(), new(*exec.ExitError), "a connection was cut")
	assert.Equal(t, 1, server.ProcessState.ExitCode())
	assert.Contains(t, server.Errs.String(), "1 connection(s) cut")
	assert.Less(t, time.Since(begin), 5*time.Second, "the Server's own default is 10 s")
}

func TestMain_aSecondInterruptEndsItAtOnce(t *testing.T) {
	server := start(t, "-drain", "1h")
	server.stuckClient(t)
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	server.Signal(t, os.Interrupt)
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
	*programtest.Server
	address string
}

func start(t *testing.T, args ...string) *server {
	s := programtest.Start(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	address := s.Address(t, "echo server on ")
	s.Address(t, "try: nc 127.0.0.1 ")
	return &server{s, address}
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
