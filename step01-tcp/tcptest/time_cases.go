package tcptest

import (
	"context"
	"net"
	"os"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// How long a client may keep a connection without using it.
var timeCases = []lesson.Case[Subject]{
	{
		Name:     "idle",
		Rule:     "a client that sends nothing for IdleTimeout is cut; one that sends now and then is not",
		Source:   "net/http.Server.IdleTimeout",
		Hint:     "set the read deadline before each Read: a deadline set once counts from the beginning of the connection",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{IdleTimeout: time.Minute, Handler: tcp.HandlerFunc(tcp.Echo)})
			client := server.Dial()
			for range 4 {
				time.Sleep(40 * time.Second)
				expectEcho(t, client, "still here", "a client that sends something every 40 s was cut by an IdleTimeout of a minute")
			}
			start := time.Now()
			synctest.Wait()
			require.NoError(t, client.SetReadDeadline(start.Add(2*time.Minute)))
			_, err := client.Read(make([]byte, 1))
			require.False(t, isTimeout(err), "a silent client keeps its connection beyond the IdleTimeout of a minute")
			require.Equal(t, time.Minute, time.Since(start), "the time until a silent client was cut")
		},
	},
	{
		Name:     "write-timeout",
		Rule:     "a client that does not read is cut after WriteTimeout",
		Source:   "net/http.Server.WriteTimeout",
		Hint:     "when the client's and the kernel's buffers are full, Write waits: give it a deadline",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			ended := make(chan error, 1)
			server := serve(t, subject, &tcp.Server{
				WriteTimeout: 30 * time.Second,
				Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) (err error) {
					for err == nil {
						_, err = conn.Write(make([]byte, 1000))
					}
					ended <- err
					return err
				}),
			})
			start := time.Now()
			server.Dial() // and never reads
			select {
			case err := <-ended:
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				require.Equal(t, 30*time.Second, time.Since(start))
			case <-time.After(time.Minute):
				server.Stop()
				require.Fail(t, "Write still waits", "a client that never reads holds its handler beyond the WriteTimeout of 30 s")
			}
		},
	},
	{
		Name:     "idle-and-stop",
		Rule:     "no later deadline undoes the end: a stopping server is not kept by an idle client",
		Source:   "net.Conn.SetReadDeadline",
		Hint:     "a deadline in the past, set to end a Read, must not be moved by the next one that the idle limit sets",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &tcp.Server{
				IdleTimeout: time.Hour, DrainTimeout: time.Second,
				Handler: tcp.HandlerFunc(func(_ context.Context, conn net.Conn) error {
					// Takes a time-out for a reason to try again, a few times,
					// and even sets a deadline of its own.
					for range 3 {
						conn.Read(make([]byte, 1))
					}
					conn.SetReadDeadline(time.Now().Add(time.Hour))
					conn.Read(make([]byte, 1))
					return nil
				}),
			})
			server.Dial()
			synctest.Wait()
			start := time.Now()
			server.Stop()
			require.Error(t, server.stopped("a handler that tries again after a time-out waits for its client with a new idle limit"))
			require.Equal(t, time.Second, time.Since(start), "a handler that tries again after a time-out got a new idle limit")
		},
	},
}
