package generator

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
)

func TestJoin_saysWhatIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := errors.New("refused")
		_, err := Join(t.Context(), Load{
			Dial: func(context.Context) (net.Conn, error) { return nil, refused }, Clients: 2, Senders: 1, Size: 1, Count: 1,
		})
		require.ErrorIs(t, err, refused)

		// A server that only listens: nobody hears a hello.
		listener := memnet.Listen()
		defer listener.Close()
		load := Load{Dial: func(ctx context.Context) (net.Conn, error) { return listener.Dial(ctx) }, Clients: 3, Senders: 1, Size: 1, Count: 1}
		began := time.Now()
		_, err = Join(t.Context(), load)
		require.ErrorContains(t, err, "3 of 3 clients have not heard anybody")
		assert.Equal(t, joinLimit, time.Since(began))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = Join(ctx, load)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestLoad_saysWhatIsWrongWithIt(t *testing.T) {
	right := Load{Clients: 2, Senders: 1, Size: 1, Count: 1}
	require.NoError(t, right.Check())
	for says, change := range map[string]func(*Load){
		"at least 2 clients": func(l *Load) { l.Clients = 1 },
		"at least 1 must":    func(l *Load) { l.Senders = 0 },
		"at most all can":    func(l *Load) { l.Senders = 3 },
		"takes memory":       func(l *Load) { l.Clients, l.Senders = 60_000, 60_000 },
		"window":             func(l *Load) { l.Window = -1 },
		"rate":               func(l *Load) { l.Rate = -1 },
		"1 to 4000 bytes":    func(l *Load) { l.Size = 4001 },
		"negative":           func(l *Load) { l.Patience = -1 },
		"how many":           func(l *Load) { l.Count = 0 },
	} {
		load := right
		change(&load)
		assert.ErrorContains(t, load.Check(), says)
	}
}

func TestStall_leavesAServerThatWaitsForAllStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t) // it writes to one after the other
		load := server.load()
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		others, err := Stall(t.Context(), load, 1)
		require.NoError(t, err)
		run.Start()
		result := run.Wait()
		assert.True(t, result.Stuck)
		assert.Zero(t, result.Delivered)
		others.Leave()
		run.Leave()
	})
}
