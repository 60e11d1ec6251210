package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson"
	"example.com/async/internal/program/programtest"
	"example.com/async/step04-chat/chat"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	goleak.VerifyTestMain(m)
}

// startChat serves step 4's chat, and returns its address.
func startChat(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serveChat(t, new(chat.Server), listener)
	return listener.Addr().String()
}

func serveChat(t *testing.T, server *chat.Server, listener net.Listener) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
}

func TestLoad_findsStepFoursChatRight(t *testing.T) {
	address := startChat(t)
	for _, test := range []struct {
		args string
		says []string
	}{
		{"-n 1000 -c 20", []string{"20 clients, 10 of them send, 64 messages in flight", "messages sent        1000", "deliveries           19000\n", "lost                 0\n", "to the last one"}},
		{"-n 100 -c 5 -senders 5 -rate 1000 -size 100", []string{"5 of them send, 1000 due each second, 100 bytes each", "deliveries           400\n"}},
		{"-n 20 -c 3 -senders 2 -typing 1ms", []string{"1 ms of typing", "deliveries           40\n", "lost                 0\n"}},
		{"-d 50ms -c 3 -senders 1 -window 1", []string{"1 messages in flight", "lost                 0\n"}},
	} {
		status, stdout, stderr := programtest.Run(t, append(strings.Fields(test.args), address)...)
		require.Zero(t, status, stderr)
		assert.Empty(t, stderr)
		for _, says := range test.says {
			assert.Contains(t, stdout, says, test.args)
		}
	}
}

func TestLoad_entersSeveralServersInTurn(t *testing.T) {
	var one chat.Server // with two doors: as servers that are one chat
	var doors [2]*countingListener
	for i := range doors {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		doors[i] = &countingListener{Listener: listener}
		serveChat(t, &one, doors[i])
	}
	status, stdout, stderr := programtest.Run(t, "-n", "100", "-c", "10", doors[0].Addr().String()+","+doors[1].Addr().String())
	require.Zero(t, status, stderr)
	assert.Contains(t, stdout, "deliveries           900\n")
	for _, door := range doors {
		assert.EqualValues(t, 5, door.accepted.Load())
	}
}

// A countingListener counts who has come.
type countingListener struct {
	net.Listener
	accepted atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return conn, err
}

func TestLoad_tellsAsJSONWhatTheServerUses(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems don't tell")
	}
	status, stdout, stderr := programtest.Run(t, startChat(t), "-json", "-n", "500", "-c", "10", "-pid", strconv.Itoa(os.Getpid()))
	require.Zero(t, status, stderr)
	var report struct {
		Summary struct{ Sent, Delivered, Lost int64 }
		Server  struct {
			CPU    float64 `json:"cpu_us_per_delivery"`
			Before int64   `json:"memory_before_bytes"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &report), stdout)
	assert.EqualValues(t, 500, report.Summary.Sent)
	assert.EqualValues(t, 4500, report.Summary.Delivered)
	assert.Zero(t, report.Summary.Lost)
	assert.Positive(t, report.Server.CPU)
	assert.Greater(t, report.Server.Before, int64(1<<20))
}

// A flood that nothing limits: who is slow misses messages, and is told how many.
func TestLoad_seesThatStepFourTellsWhatIsMissed(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, startChat(t), "-n", "20000", "-c", "10", "-window", "0", "-json")
	require.Zero(t, status, stderr)
	var report struct {
		Summary struct {
			Delivered, Lost, Told int64
			Untold                int            `json:"receivers_told_another_number"`
			Gone                  map[string]int `json:"connections_ended"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &report), stdout)
	assert.EqualValues(t, 9*20000, report.Summary.Delivered+report.Summary.Lost)
	assert.Zero(t, report.Summary.Untold)
	assert.Empty(t, report.Summary.Gone)
}

func TestLoad_soaks(t *testing.T) {
	address := startChat(t)
	status, stdout, stderr := programtest.Run(t, "-soak", "600ms", "-c", "10", "-seed", "7", address)
	require.Zero(t, status, stderr)
	assert.Contains(t, stdout, "10 clients at a time, seed 7")
	assert.Contains(t, stdout, "No fault was found.")

	status, stdout, stderr = programtest.Run(t, "-soak", "60ms", "-c", "2", "-json", address)
	require.Zero(t, status, stderr)
	var result struct {
		Came   map[string]int
		Rounds []struct{ Clients int }
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &result), stdout)
	assert.NotEmpty(t, result.Came)
	assert.Len(t, result.Rounds, soakRounds)
}

func TestLoad_printsWhatThereIsWhenItIsInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process can't be sent a Ctrl-C alone there")
	}
	address := startChat(t)
	listener, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer listener.Close()
	c := programtest.Command(t, "-d", "10m", "-c", "3", "-senders", "1", address)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	require.NoError(t, c.Start())
	for heard := []byte{}; !bytes.Contains(heard, []byte(" 0 99 ")); { // so it has sent a hundred messages
		some := make([]byte, 4<<10)
		n, err := listener.Read(some)
		require.NoError(t, err)
		heard = append(heard[max(0, len(heard)-100):], some[:n]...)
	}
	require.NoError(t, c.Process.Signal(os.Interrupt))
	require.NoError(t, c.Wait(), "%s", &out)
	assert.Contains(t, out.String(), "It was interrupted")
	assert.Contains(t, out.String(), "to each receiver")
}

func TestLoad_refusesWrongArgumentsInOneLine(t *testing.T) {
	const address = "127.0.0.1:1"
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "", Says: "which server?"},
		{Args: "-x", Says: "flag provided but not defined: -x"},
		{Args: address + " extra", Says: `unexpected argument "extra"`},
		{Args: "-addr localhost", Says: "missing port"},
		{Args: "-addr 127.0.0.1:1,localhost", Says: "missing port"},
		{Args: "-c 1 " + address, Says: "at least 2 clients"},
		{Args: "-c 70000 " + address, Says: "no more ports"},
		{Args: "-c 5 " + address, Says: "at most all can"},
		{Args: "-stalled -1 " + address, Says: "-stalled must be"},
		{Args: "-window -2 " + address, Says: "window is negative"},
		{Args: "-rate NaN " + address, Says: "the rate must be"},
		{Args: "-size 0 " + address, Says: "1 to 4000 bytes"},
		{Args: "-n -1 " + address, Says: "how many messages"},
		{Args: "-pid -7 " + address, Says: "this system tells nothing"},
		{Args: "-compare " + address, Says: "takes no address"},
		{Args: "-compare -rounds 0", Says: "-rounds must be"},
		{Args: "-soak -1s " + address, Says: "how long is the soak"},
		{Args: "-soak 1s", Says: "which server?"},
	})
}

func TestLoad_saysInOneLineThatNobodyIsThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	listener.Close()
	status, _, stderr := programtest.Run(t, address)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, address)
	assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
}

func TestLoad_helps(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, "-h")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	for _, word := range []string{"go run ./step04-chat/load", "-rate", "-compare", "-stalled", "-typing"} {
		assert.Contains(t, stdout, word)
	}
}

func TestLoad_comparesAllServersUnderAllLoads(t *testing.T) {
	lesson.PlainOnly(t, "it builds three programs, and measures them")
	status, stdout, stderr := programtest.Run(t, "-compare", "-quick", "-markdown")
	require.Zero(t, status, stderr)
	for _, server := range []string{"step 4", "step 4, mutex", "the textbook's", "the article's"} {
		assert.Equal(t, 7, strings.Count(stdout, "| "+server+" |"), "%s: a row for each load\n%s", server, stdout)
	}
	assert.Equal(t, 1, strings.Count(stdout, "| the textbook's | frozen |"), stdout)
	assert.NotContains(t, stdout, "| step 4 | frozen |")
}
