package generator

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
)

// A flood without a window ends with senders that are blocked in a Write. What they have not got rid of was never sent, so no
// server can have lost it.
func TestRun_countsOnlyWhatHasLeftItsSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Given a server that needs longer for what one Write brings than a sender may stay in it at the end,
		server := newServer(t, memnet.Buffer(1<<10))
		server.heard = func(s said) {
			if s.sender >= 0 {
				after(defaultPatience / mostAtOnce * 2)
			}
		}
		load := server.load()
		load.Window, load.Count, load.Duration = 0, 0, time.Second
		// when it is flooded,
		result := send(t, load)
		after(time.Second) // the server still hears the half line with which a sender was cut off
		// then all that it was sent has arrived.
		require.Greater(t, result.Elapsed, load.Duration+load.patience())
		require.Less(t, result.Elapsed, load.Duration+drainLimit)
		assert.Zero(t, result.Lost)
		assert.Zero(t, result.InFlight)
		assert.Zero(t, result.Untold)
		assert.Equal(t, 4*result.Sent, result.Delivered)
	})
}

// The same when a connection ends: the others wait for what it has sent, and not for what it has not.
func TestRun_forgetsWhatASenderCouldNotSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		var first net.Conn // of the senders: the client with the number 0
		load := server.load()
		load.Window, load.Count, load.Senders = 0, 100_000, 1
		server.heard = func(s said) {
			if s.number == 1000 {
				first.(interface{ CloseWrite() error }).CloseWrite()
			}
		}
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		defer run.Leave()
		first = run.clients[0].conn
		run.Start()
		result := run.Wait()
		assert.Greater(t, result.Sent, int64(1000))
		assert.Equal(t, 4*result.Sent, result.Delivered)
		assert.Zero(t, result.Lost)
	})
}

// What was written off and comes nevertheless is late. A server that has paused must not be accused of sending things twice,
// however many senders it has kept waiting.
func TestRun_knowsWhatWasWrittenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t, memnet.Buffer(1<<10)) // so that there is always more to send
		resume := make(chan struct{})
		server.heard = func(s said) {
			if s.number >= 4 {
				<-resume
			}
		}
		load := server.load()
		const clients = maxGaps + 8
		load.Clients, load.Senders = clients, clients
		load.Window, load.Count = 0, 2*clients*mostAtOnce
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		defer run.Leave()
		run.Start()
		after(load.patience() + load.patience()/2)
		require.Positive(t, run.Snapshot().Lost)
		close(resume)
		result := run.Wait()
		assert.Positive(t, result.Late)
		assert.Zero(t, result.Again)
		assert.EqualValues(t, (clients-1)*load.Count, result.Delivered+result.Late+result.Lost)
	})
}
