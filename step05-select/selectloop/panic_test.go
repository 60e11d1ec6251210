package selectloop_test

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/session"
)

// A faultyCodec panics once: whoever goes on with it notices nothing any more.
type faultyCodec struct {
	session.Lines
	greeting bool // it panics in the first write, otherwise at the first byte
	panicked bool
}

func (f *faultyCodec) panicsIf(here bool) {
	if here && !f.panicked {
		f.panicked = true
		panic("a fault in the codec")
	}
}

func (f *faultyCodec) AppendReplies(dst []byte) []byte {
	f.panicsIf(f.greeting)
	return dst
}

func (f *faultyCodec) Next([]byte) (line, rest []byte, err error) {
	f.panicsIf(!f.greeting)
	return nil, nil, lines.ErrMore
}

// A panic is one client's end, and not everybody's, whichever of its goroutines it is on. The others are told that the client has left.
func TestServer_keepsAPanicToItsClient(t *testing.T) {
	for name, codec := range map[string]*faultyCodec{"in the loop": {}, "in the greeting": {greeting: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				chat := hub.New(hub.Config{})
				witness := chat.Enter(hub.Entry{})
				defer witness.Leave()
				engine := &selectloop.Server{Hub: chat}
				log := new(servertest.Logbook)
				server := &tcp.Server{Logger: log.Logger(), Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
					return engine.ServeClient(ctx, conn, codec, hub.Entry{}, nil)
				})}
				listener := memnet.Listen()
				ctx, stop := context.WithCancel(t.Context())
				served := make(chan error, 1)
				go func() { served <- server.Serve(ctx, listener) }()

				conn, err := listener.Dial(t.Context())
				require.NoError(t, err)
				_, err = conn.Write([]byte("hello\n"))
				require.NoError(t, err)
				_, _ = io.ReadAll(conn) // to its end, which may be a reset
				require.NoError(t, conn.Close())
				synctest.Wait()
				require.EqualValues(t, 1, chat.Stats().Users.Load(), "the client has left the hub")
				require.Contains(t, log.String(), "a fault in the codec")
				require.Contains(t, log.String(), "faultyCodec", "where it was")
				stop()
				require.NoError(t, <-served)
			})
		})
	}
}
