package chat_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/chat"
)

// A client that talks and does not read is cut off while its reader still has lines to send, and while it is behind. Nobody
// will take for it what it is behind, so no reader may wait for that.
func TestServer_goesOnWhenItCutsAClientThatTalks(t *testing.T) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const limit = 10 * time.Second
				listener := memnet.Listen()
				server := &chat.Server{Hub: newHub(chat.DefaultCapacity), WriteTimeout: limit}
				served := make(chan error, 1)
				go func() { served <- server.Serve(t.Context(), listener) }()
				dial := func(opts ...memnet.Option) *memnet.Conn {
					conn, err := listener.Dial(t.Context(), opts...)
					require.NoError(t, err)
					t.Cleanup(func() { conn.Close() })
					synctest.Wait()
					return conn
				}
				speaker, reader, flooder := dial(), dial(), dial(memnet.Buffer(512))
				go io.Copy(io.Discard, speaker)
				heard := bufio.NewScanner(reader)
				say := func(conn net.Conn, text string) {
					_, err := io.WriteString(conn, text)
					require.NoError(t, err)
				}
				say(speaker, strings.Repeat("x", 1000)+"\n") // more than the flooder's connection holds
				synctest.Wait()
				say(flooder, strings.Repeat("f\n", 256))
				synctest.Wait()
				require.False(t, flooder.Peer().Closed(), "it has some time to read")
				time.Sleep(2 * limit)
				synctest.Wait()
				require.True(t, flooder.Peer().Closed())
				for range 100 {
					say(speaker, "hello\n")
					for heard.Scan() && !strings.HasSuffix(heard.Text(), "hello") {
					}
					require.NoError(t, heard.Err())
				}
				listener.Close()
				require.ErrorIs(t, <-served, net.ErrClosed)
			})
		})
	}
}
