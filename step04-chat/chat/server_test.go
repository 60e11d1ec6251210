package chat_test

import (
	"cmp"
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/chat"
	"example.com/async/step04-chat/chattest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hubs are the two that the chapter compares: everything holds for both.
var hubs = map[string]func(capacity int) chat.Hub[[]byte]{"channel": chat.NewChannelHub[[]byte], "mutex": chat.NewMutexHub[[]byte]}

func TestServer(t *testing.T) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			chattest.TestServer(t, func(s *chattest.Settings) chattest.Server {
				return &chat.Server{
					Hub:          newHub(cmp.Or(s.Capacity, chat.DefaultCapacity)),
					MaxLine:      s.MaxLine,
					WriteTimeout: s.WriteTimeout,
					DrainTimeout: s.DrainTimeout,
					Logger:       s.Logger,
				}
			})
		})
	}
}

// inMemory starts a server in the bubble of t, which stops with it.
func inMemory(t *testing.T, server *chat.Server) *memnet.Listener {
	listener := memnet.Listen()
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-served)
	})
	return listener
}

// dial returns when the client is in the room.
func dial(t *testing.T, listener *memnet.Listener, opts ...memnet.Option) *memnet.Conn {
	t.Helper()
	conn, err := listener.Dial(t.Context(), opts...)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	synctest.Wait()
	return conn
}

func say(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	_, err := io.WriteString(conn, text)
	require.NoError(t, err)
}
