package selectloop_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
)

// A case that is always ready makes a loop that never waits. Everything works, and one processor is busy with nothing.
func TestServer_sleepsWhileNothingHappens(t *testing.T) {
	for name, does := range map[string]func(t *testing.T, conn *memnet.Conn){
		"it says nothing": func(*testing.T, *memnet.Conn) {},
		"it waits for a token": func(t *testing.T, conn *memnet.Conn) {
			_, err := conn.Write([]byte("/me\n/me\n"))
			require.NoError(t, err)
		},
		"it has ended and waits for a token": func(t *testing.T, conn *memnet.Conn) {
			_, err := conn.Write([]byte("/me\n/me\n"))
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := selectloop.Server{Hub: hub.New(hub.Config{}), Client: client.Settings{Rate: 0.001, Burst: 1}}
			conn, serverEnd := memnet.Pipe()
			codec := new(countingCodec)
			served := make(chan error, 1)
			ctx, stop := context.WithCancel(t.Context())
			var netConn net.Conn = serverEnd
			if strings.Contains(name, "ended") {
				netConn = lastBytes{serverEnd}
			}
			go func() { served <- server.ServeClient(ctx, netConn, codec, hub.Entry{}, nil) }()
			greeting := bufio.NewReader(conn)
			for range 2 {
				_, err := greeting.ReadString('\n')
				require.NoError(t, err)
			}
			does(t, conn)
			// It can't be waited for that nothing happens. This is long enough for ten thousand rounds, and a
			// loop that waits makes a few however long it is.
			const many = 50
			for start := time.Now(); time.Since(start) < 30*time.Millisecond && codec.rounds.Load() < many; {
				runtime.Gosched()
			}
			require.Less(t, codec.rounds.Load(), int64(many), "nothing happens, and the loop has gone round so often")
			stop()
			require.NoError(t, <-served)
		})
	}
}

// A lastBytes is a connection whose first bytes are the last: Read may return both, bytes and the end.
type lastBytes struct{ *memnet.Conn }

func (c lastBytes) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == nil {
		err = io.EOF
	}
	return n, err
}
