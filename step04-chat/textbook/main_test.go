package main

import (
	"bufio"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// enter starts the server and lets so many clients in. They leave at the end of the test.
func enter(t *testing.T, n int) []*memnet.Conn {
	listener := memnet.Listen(memnet.Buffer(1 << 10))
	t.Cleanup(func() { listener.Close() })
	go serve(listener)
	var clients []*memnet.Conn
	for range n {
		conn, err := listener.Dial(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		clients = append(clients, conn)
	}
	synctest.Wait()
	return clients
}

func TestTextbook_passesALineOnToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clients := enter(t, 3)
		_, err := io.WriteString(clients[0], "hello\n")
		require.NoError(t, err)
		for _, other := range clients[1:] {
			line, err := bufio.NewReader(other).ReadString('\n')
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprintf("[%v] hello\n", clients[0].LocalAddr()), line)
		}
		clients[1].Close()
		synctest.Wait()
		_, err = io.WriteString(clients[2], "who is there?\n")
		require.NoError(t, err)
		line, err := bufio.NewReader(clients[0]).ReadString('\n')
		require.NoError(t, err)
		assert.Contains(t, line, "who is there?")
	})
}

// The fault is one that the chapter shows: whoever mends it here has taken it from there.
func TestTextbook_isFrozenByOneClientThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clients := enter(t, 3)
		talker, reader := clients[0], bufio.NewReader(clients[1]) // and clients[2] never reads
		heard := 0
		for range 1000 {
			require.NoError(t, talker.SetWriteDeadline(time.Now().Add(time.Minute)))
			if _, err := io.WriteString(talker, "a line of some length, like those that people write\n"); err != nil {
				break
			}
			require.NoError(t, clients[1].SetReadDeadline(time.Now().Add(time.Minute)))
			if _, err := reader.ReadString('\n'); err != nil {
				break
			}
			heard++
		}
		assert.Positive(t, heard)
		assert.Less(t, heard, 100, "the kernel's buffers, and then nothing")

		clients[2].Close()
		require.NoError(t, clients[1].SetReadDeadline(time.Time{}))
		_, err := reader.ReadString('\n')
		assert.NoError(t, err, "when it has gone, all go on")
	})
}
