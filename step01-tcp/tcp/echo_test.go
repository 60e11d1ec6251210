package tcp_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

// A TCP connection gives the bytes and the end one after the other. io.Reader allows both at once.
func TestHandlerEcho_usesTheBytesThatComeWithTheEnd(t *testing.T) {
	client, server := memnet.Pipe()
	defer client.Close()
	require.NoError(t, tcp.Echo(t.Context(), readsFrom{server, iotest.DataErrReader(strings.NewReader("last words"))}))
	require.NoError(t, server.Close())
	got, err := io.ReadAll(client)
	require.NoError(t, err)
	assert.Equal(t, "last words", string(got))
}

type readsFrom struct {
	net.Conn
	reader io.Reader
}

func (c readsFrom) Read(p []byte) (int, error) { return c.reader.Read(p) }

// What waits for the server's end must end with the handler: else each client that ever came is kept until then.
func TestHandlerEcho_leavesNothingThatWaitsForTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		require.NoError(t, client.Close())
		ctx, stop := context.WithCancel(t.Context())
		conn := &countsDeadlines{Conn: server}
		require.NoError(t, tcp.Echo(ctx, conn))
		stop()
		synctest.Wait()
		assert.Zero(t, conn.deadlines.Load(), "the handler is gone, and the stop still wakes its Read")
	})
}

type countsDeadlines struct {
	net.Conn
	deadlines atomic.Int64
}

func (c *countsDeadlines) SetReadDeadline(t time.Time) error {
	c.deadlines.Add(1)
	return c.Conn.SetReadDeadline(t)
}
