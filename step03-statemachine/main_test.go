package main

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/program/programtest"
	"example.com/async/step02-http/site"
	"example.com/async/step03-statemachine/trace"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	goleak.VerifyTestMain(m)
}

func TestMain_saysInOneLineWhatIsWrong(t *testing.T) {
	taken := programtest.TakenAddress(t)
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "-addr " + taken, Says: taken + " is in use by another program: stop that program", Status: 1},
		{Args: "-workers 0", Says: "-workers must be at least 1", Status: 1},
		{Args: "-workers two", Says: `invalid value "two" for flag -workers`},
		{Args: "8080", Says: `unexpected argument "8080"`},
	})
}

func TestMain_servesUntilItIsInterrupted(t *testing.T) {
	server := programtest.Start(t, "-addr", "127.0.0.1:0", "-trace", filepath.Join(t.TempDir(), "trace.svg"))
	conn, err := net.Dial("tcp", strings.Trim(server.Address(t, "HTTP server on http:"), "/"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n")
	require.NoError(t, err)
	response, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Contains(t, string(response), " 200 OK\r\n")
	server.StopsInGoodOrder(t)
}

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
