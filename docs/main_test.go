package main_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/weave"
	"example.com/async/step01-tcp/tcp"
)

// buildProgram builds what go run ./docs would run.
func buildProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "docs.exe")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

func TestProgram(t *testing.T) {
	program := buildProgram(t)
	// Outside the repository, where the doctor would otherwise run all exercises.
	outside := t.TempDir()

	run := func(t *testing.T, args ...string) (status int, stdout, stderr string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), program, args...)
		command.Dir = outside
		var out, err bytes.Buffer
		command.Stdout, command.Stderr = &out, &err
		_ = command.Run() // the status says it
		return command.ProcessState.ExitCode(), out.String(), err.String()
	}

	for name, args := range map[string][]string{
		"an unknown command":        {"serve"},
		"an unknown flag":           {"-port", "8000"},
		"a flag of the doctor":      {"doctor", "-v"},
		"an argument of the doctor": {"doctor", "me"},
		"a flag of check":           {"check", "-v"},
		"two things to check":       {"check", "1", "2"},
		"check elsewhere":           {"check"},
		"a flag of nc":              {"nc", "-N", "127.0.0.1", "1"},
		"no address for nc":         {"nc"},
		"too many arguments for nc": {"nc", "127.0.0.1", "1", "2"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			status, stdout, stderr := run(t, args...)
			require.Equal(t, 2, status)
			require.Empty(t, stdout)
			require.Equal(t, 1, strings.Count(stderr, "\n"), "one line, not %q", stderr)
			require.Contains(t, stderr, "go run ./docs")
		})
	}

	t.Run("explains itself", func(t *testing.T) {
		for _, args := range [][]string{{"-h"}, {"doctor", "-h"}, {"check", "-h"}, {"nc", "-h"}} {
			status, stdout, stderr := run(t, args...)
			require.Zero(t, status, args)
			require.Empty(t, stderr, args)
			require.Contains(t, stdout, "go run ./docs", args)
		}
	})

	t.Run("says in one line that the port is taken", func(t *testing.T) {
		listener, err := tcp.Listen("127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		status, _, stderr := run(t, "-addr", listener.Addr().String())
		require.Equal(t, 1, status)
		require.Contains(t, stderr, "is in use")
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	})

	t.Run("has a doctor that misses the repository", func(t *testing.T) {
		status, stdout, _ := run(t, "doctor")
		require.Equal(t, 1, status)
		require.Contains(t, stdout, "change to the folder")
	})

	t.Run("has an nc that says in one line that nobody listens", func(t *testing.T) {
		listener, err := tcp.Listen("127.0.0.1:0")
		require.NoError(t, err)
		host, port, err := net.SplitHostPort(listener.Addr().String())
		require.NoError(t, err)
		listener.Close()
		status, _, stderr := run(t, "nc", host, port)
		require.Equal(t, 1, status)
		require.Regexp(t, `^nc: nobody listens on [^\n]*\n$`, stderr)
	})

	t.Run("serves the book without the repository, and stops at Ctrl-C", func(t *testing.T) {
		command := exec.CommandContext(t.Context(), program, "-addr", "127.0.0.1:0")
		command.Dir = outside
		stdout, err := command.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, command.Start())
		line, err := bufio.NewReader(stdout).ReadString('\n')
		require.NoError(t, err)
		url := regexp.MustCompile(`http://\S+/`).FindString(line)

		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
		response, err := client.Get(url + "00-start.html")
		require.NoError(t, err)
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		require.NoError(t, err)
		require.Contains(t, string(page), "<h1 id=\"start-here\"")

		if runtime.GOOS == "windows" {
			require.NoError(t, command.Process.Kill()) // nobody can press Ctrl-C for another process
			_ = command.Wait()
			return
		}
		require.NoError(t, command.Process.Signal(os.Interrupt))
		require.NoError(t, command.Wait(), "status 0")
	})
}

// Step 2 serves this book: nothing of net/http may be in the program.
func TestProgram_doesNotContainTheStandardServer(t *testing.T) {
	root, err := weave.Root(".")
	require.NoError(t, err)
	command := exec.CommandContext(context.Background(), "go", "list", "-deps", "./docs")
	command.Dir = root
	out, err := command.Output()
	require.NoError(t, err)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, "example.com/async/step02-http/httpd")
	require.NotContains(t, packages, "net/http")
	require.NotContains(t, packages, "testing")
}
