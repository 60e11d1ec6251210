package chat_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/chat"
)

// A party is a server in a bubble, with a client that has something to read when the server stops.
type party struct {
	listener  *memnet.Listener
	stop      context.CancelFunc
	served    chan error
	listening *memnet.Conn
	said      string // what it has not read yet
}

func newParty(t *testing.T) *party {
	ctx, stop := context.WithCancel(t.Context())
	p := &party{listener: memnet.Listen(), stop: stop, served: make(chan error, 1)}
	server := &chat.Server{DrainTimeout: time.Minute}
	go func() { p.served <- server.Serve(ctx, p.listener) }()
	p.listening = dial(t, p.listener)
	talking := dial(t, p.listener)
	say(t, talking, "the last word\n")
	p.said = fmt.Sprintf("[%v] the last word\n", talking.LocalAddr())
	synctest.Wait()
	require.NoError(t, talking.Close())
	return p
}

func TestServer_whatWasSaidCanBeReadThoughItsReceiverTalksWhenTheServerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newParty(t)
		p.stop()
		synctest.Wait() // if the server had closed, this would be answered with a reset
		say(t, p.listening, strings.Repeat("wait, I was about to say ", 1000)+"\n")
		synctest.Wait()
		lines := bufio.NewReader(p.listening)
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, p.said, line)
		_, err = lines.ReadString('\n')
		require.ErrorIs(t, err, io.EOF)

		stopped := time.Now()
		require.NoError(t, p.listening.Close())
		require.NoError(t, <-p.served)
		require.Zero(t, time.Since(stopped), "the client has closed: there is nothing to wait for")
	})
}

// However a client behaves, it delays the end of a server only so long.
func TestServer_doesNotLingerForEver(t *testing.T) {
	for name, behave := range map[string]func(conn io.Writer){
		"does not close": func(io.Writer) {},
		"sends a byte now and then": func(conn io.Writer) {
			for err := error(nil); err == nil; _, err = conn.Write([]byte("x")) {
				time.Sleep(100 * time.Millisecond)
			}
		},
		"sends all the time": func(conn io.Writer) {
			for err := error(nil); err == nil; _, err = conn.Write(make([]byte, 10_000)) {
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newParty(t)
				began := time.Now()
				p.stop()
				var behaves sync.WaitGroup
				behaves.Go(func() { behave(p.listening) })
				require.NoError(t, <-p.served)
				require.LessOrEqual(t, time.Since(began), time.Second)
				behaves.Wait()
			})
		})
	}
}
