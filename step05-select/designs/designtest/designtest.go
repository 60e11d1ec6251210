package designtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/designs/server"
)

// A Room says what is special about a server.
type Room struct {
	// Overtaken says that the others are served while it computes for one client.
	Overtaken bool
}

// TestRoom checks the server at an address: who hears what, that a client which does not read stops nobody, and the answers
// to requests.
func TestRoom(t *testing.T, address string, room Room) {
	t.Run("others hear a line, its sender does not", func(t *testing.T) {
		clients := enter(t, address, 3)
		clients[0].say("hello")
		clients[1].say("你好")
		require.Equal(t, clients[0].prefix()+"hello", clients[1].hear())
		require.ElementsMatch(t, []string{clients[0].prefix() + "hello", clients[1].prefix() + "你好"}, []string{clients[2].hear(), clients[2].hear()})
		require.Equal(t, clients[1].prefix()+"你好", clients[0].hear(), "the first thing that the sender of another line hears")
	})
	t.Run("a line in pieces is one line, and safe to show", func(t *testing.T) {
		clients := enter(t, address, 2)
		for _, piece := range []string{"a\xe4", "\xbd\xa0 \x1b[1mb", "\r", "\nnext\n"} {
			clients[0].write(piece)
		}
		require.Equal(t, clients[0].prefix()+"a你 \ufffd[1mb", clients[1].hear())
		require.Equal(t, clients[0].prefix()+"next", clients[1].hear())
	})
	t.Run("a line that is too long is passed over", func(t *testing.T) {
		clients := enter(t, address, 2)
		clients[0].say(strings.Repeat("x", 10_000))
		clients[0].say("short")
		require.Equal(t, clients[0].prefix()+"short", clients[1].hear())
	})
	t.Run("a client that leaves is out", func(t *testing.T) {
		clients := enter(t, address, 3)
		clients[2].conn.Close()
		for range 3 { // the server may see only at the second write that nobody is there
			clients[0].say("still here?")
			require.Equal(t, clients[0].prefix()+"still here?", clients[1].hear())
		}
	})
	t.Run("work is done and answered before the lines behind it", func(t *testing.T) {
		clients := enter(t, address, 2)
		clients[0].write("/work 20\nafter\n")
		require.Regexp(t, `^\* worked [0-9a-f]{8}$`, clients[0].hear())
		require.Equal(t, clients[0].prefix()+"after", clients[1].hear())
		clients[0].say("/work 99999")
		require.Equal(t, clients[0].prefix()+"/work 99999", clients[1].hear(), "more than anybody may ask for is a line like others")
	})
	if !room.Overtaken { // a pool has nothing to do with it, and it takes its time
		t.Run("a client that does not read stops nobody, and is told what it missed", func(t *testing.T) { testStuck(t, address) })
	} else {
		t.Run("others are served while it computes", func(t *testing.T) {
			clients := enter(t, address, 2)
			clients[0].say("/work 500")
			clients[1].say("meanwhile")
			require.Equal(t, clients[1].prefix()+"meanwhile", clients[0].hear())
			require.Contains(t, clients[0].hear(), server.AnsweredWork)
		})
	}
	t.Run("it tells of its pauses", func(t *testing.T) {
		client := enter(t, address, 2)[0]
		client.say("/stats")
		text, ok := strings.CutPrefix(client.hear(), server.AnsweredStats)
		require.True(t, ok, text)
		var stats server.Stats
		require.NoError(t, json.Unmarshal([]byte(text), &stats))
		for _, p := range []server.Pauses{stats.GC, stats.Loop} {
			assert.LessOrEqual(t, p.P99, p.Max)
			assert.Equal(t, p.Count == 0, p.Max == 0)
		}
	})
}

func testStuck(t *testing.T, address string) {
	clients := enter(t, address, 3)
	talker, reader, stuck := clients[0], clients[1], clients[2]
	line := strings.Repeat("y", 4000)
	const lines = 4000 // 16 MB: Linux keeps 4 MiB on the sending side, and 6 MiB on the other (tcp(7))
	for n := range lines {
		talker.say(fmt.Sprintf("%d %s", n, line))
		require.Equal(t, fmt.Sprintf("%s%d %s", talker.prefix(), n, line), reader.hear(), "line %d", n)
	}
	missed, heard := 0, 0
	for missed+heard < lines {
		text := stuck.hear()
		var n int
		if _, err := fmt.Sscanf(text, "* you missed %d messages", &n); err == nil {
			missed += n
			continue
		}
		require.True(t, strings.HasPrefix(text, fmt.Sprintf("%s%d ", talker.prefix(), missed+heard)), "%.40q after %d lines, %d of them missed", text, missed+heard, missed)
		heard++
	}
	require.Positive(t, missed)
}

// patience is far beyond what anything here takes.
const patience = 30 * time.Second

// A client talks to the server.
type client struct {
	t     *testing.T
	conn  net.Conn
	lines *bufio.Reader
}

// enter lets n clients in, and returns when each has heard another. They leave at the end of the test.
func enter(t *testing.T, address string, n int) []*client {
	var clients []*client
	for range n {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		clients = append(clients, &client{t, conn, bufio.NewReader(conn)})
	}
	// Its own answer says that a client is in the room.
	for _, c := range clients {
		c.say("/stats")
		for !strings.HasPrefix(c.hear(), server.AnsweredStats) {
		}
	}
	return clients
}

func (c *client) prefix() string { return "[" + c.conn.LocalAddr().String() + "] " }

func (c *client) say(line string) {
	c.t.Helper()
	c.write(line + "\n")
}

func (c *client) write(text string) {
	c.t.Helper()
	_, err := io.WriteString(c.conn, text)
	require.NoError(c.t, err)
}

func (c *client) hear() string {
	c.t.Helper()
	line, err := c.lines.ReadString('\n')
	require.NoError(c.t, err)
	return strings.TrimSuffix(line, "\n")
}
