package servertest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A greeting is a server that says a word to each client.
type greeting struct {
	word string
	log  *slog.Logger
}

func (g *greeting) Serve(ctx context.Context, listener net.Listener) error {
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		g.log.Debug("greets", "peer", conn.RemoteAddr())
		io.WriteString(conn, g.word)
		conn.Close()
	}
}

func TestRun_judgesOnBothNetworksAndEndsTheServers(t *testing.T) {
	var servers int // the cases run one after the other
	Run(t, []lesson.Case[Subject[greeting]]{{
		Name: "greets", Rule: "a client is greeted", Source: "this test", Hint: "say the word",
		Check: func(t lesson.T, subject Subject[greeting]) {
			listener, err := subject.Network.Listen()
			require.NoError(t, err)
			log := new(Logbook)
			running := Start(t, subject.Network, listener, subject.New(&greeting{word: "hello", log: log.Logger()}))
			said, err := io.ReadAll(running.Dial())
			require.NoError(t, err)
			assert.Equal(t, "hello", string(said))
			assert.Contains(t, log.String(), "level=DEBUG msg=greets")

			running.Dial() // is left open: the end of the case closes it
			subject.Settle()
			running.Stop()
			assert.NoError(t, <-running.Returned)
			_, err = running.TryDial()
			assert.Error(t, err, "the listener is closed")
		},
	}}, func(settings *greeting) Server {
		servers++
		return settings
	})
	require.Equal(t, 2, servers)
}

// A server that forgets its listener must not hang the case: the listener is closed for it.
func TestStart_closesTheListenerOfAServerThatDoesNot(t *testing.T) {
	lesson.RunInBubble(t, []lesson.Case[Subject[greeting]]{{
		Name: "forgets", Rule: "a case ends", Source: "this test", Hint: "none",
		Check: func(t lesson.T, subject Subject[greeting]) {
			listener, err := subject.Network.Listen()
			require.NoError(t, err)
			Start(t, subject.Network, listener, subject.New(nil))
		},
	}}, Subject[greeting]{Network: lesson.Memory, New: func(*greeting) Server {
		return ServeFunc(func(_ context.Context, listener net.Listener) error {
			_, err := listener.Accept()
			return err
		})
	}})
}
