package tcp_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

func TestLinger_letsThePeerReadTheLastWordAndNotWaitForEver(t *testing.T) {
	for how, after := range map[string]func(t *testing.T, client *memnet.Conn, ended func() bool){
		"the peer closes": func(t *testing.T, client *memnet.Conn, ended func() bool) {
			require.False(t, ended(), "before the peer has closed")
			require.NoError(t, client.Close())
			require.True(t, ended(), "the peer has closed")
		},
		"the peer is silent": func(t *testing.T, client *memnet.Conn, ended func() bool) {
			time.Sleep(tcp.LingerTime - time.Millisecond)
			require.False(t, ended(), "before its time is over")
			time.Sleep(2 * time.Millisecond)
			require.True(t, ended(), "its time is over")
		},
		"the peer goes on to send": func(t *testing.T, client *memnet.Conn, ended func() bool) {
			_, err := io.WriteString(client, strings.Repeat("x", tcp.LingerBytes-1000))
			require.NoError(t, err)
			require.False(t, ended(), "before it has sent too much")
			_, _ = io.WriteString(client, strings.Repeat("x", 2000)) // may fail: the server closes meanwhile
			require.True(t, ended(), "it has sent too much")
		},
	} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := memnet.Pipe()
				defer client.Close()
				_, err := io.WriteString(client, "something that nobody reads")
				require.NoError(t, err)
				_, err = io.WriteString(server, "the last word")
				require.NoError(t, err)
				lingering := make(chan struct{})
				go func() {
					tcp.Linger(server)
					server.Close()
					close(lingering)
				}()
				synctest.Wait() // a server that closes now resets the connection
				all, err := io.ReadAll(client)
				require.NoError(t, err)
				require.Equal(t, "the last word", string(all))
				after(t, client, func() bool {
					synctest.Wait()
					select {
					case <-lingering:
						return true
					default:
						return false
					}
				})
			})
		})
	}
}
