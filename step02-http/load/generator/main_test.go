package generator

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/load/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A script is what a server does with one connection, the nth from 0. The
// connection is closed when it returns.
type script func(n int, conn net.Conn)

// scripted starts a server in memory that follows a script, and returns how to
// dial it. Call it within a bubble.
func scripted(t *testing.T, serve script) func(context.Context) (net.Conn, error) {
	listener := memnet.Listen()
	t.Cleanup(func() { listener.Close() })
	go func() {
		for n := 0; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(n, conn)
			}()
		}
	}()
	return func(ctx context.Context) (net.Conn, error) { return listener.Dial(ctx) }
}

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// eachHead calls answer for each head that comes, until it returns false. It needs
// heads without bodies.
func eachHead(conn net.Conn, answer func(head string) bool) {
	reader := bufio.NewReader(conn)
	var head bytes.Buffer
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		head.WriteString(line)
		if line == "\r\n" {
			if !answer(head.String()) {
				return
			}
			head.Reset()
		}
	}
}

// polite answers everything.
func polite(_ int, conn net.Conn) {
	eachHead(conn, func(string) bool {
		_, err := io.WriteString(conn, answer)
		return err == nil
	})
}

// says answers the first request with these words, and closes.
func says(words string) script {
	return func(_ int, conn net.Conn) {
		eachHead(conn, func(string) bool {
			io.WriteString(conn, words)
			return false
		})
	}
}

func endpoint(t *testing.T, method, target string) Endpoint {
	request, err := client.NewRequest(method, "example", target, nil, "")
	require.NoError(t, err)
	return Endpoint{Request: request}
}

// send sends a load and returns what came of it.
func send(t *testing.T, load Load) *Result {
	if load.Endpoints == nil {
		load.Endpoints = []Endpoint{endpoint(t, "GET", "/")}
	}
	if load.Conns == 0 {
		load.Conns = 1
	}
	run, err := Start(t.Context(), load)
	require.NoError(t, err)
	return run.Wait()
}

// targetOf is the second word of a request.
func targetOf(head string) string { return strings.Fields(head)[1] }
