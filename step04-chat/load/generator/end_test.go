package generator

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
)

func TestRun_endsWithItsDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := newServer(t).load()
		load.Count, load.Rate, load.Duration = 0, 100, 3*time.Second
		began := time.Now()
		result := send(t, load)
		assert.EqualValues(t, 300, result.Sent)
		assert.InDelta(t, 3, time.Since(began).Seconds(), 0.2)
	})
}

func TestRun_endsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		release := make(chan struct{})
		server.heard = func(s said) {
			if s.number == 100 {
				<-release
			}
		}
		ctx, interrupt := context.WithCancel(t.Context())
		run, err := Join(ctx, server.load())
		require.NoError(t, err)
		run.Start()
		synctest.Wait()
		interrupt()
		began := time.Now()
		result := run.Wait()
		assert.Zero(t, time.Since(began))
		assert.Positive(t, result.InFlight)
		assert.Zero(t, result.Lost, "what is under way is not lost")
		assert.Positive(t, result.Delivered)
		close(release)
		run.Leave()
	})
}

func TestRun_seesThatAServerIsStuck(t *testing.T) {
	for name, duration := range map[string]time.Duration{"in the middle": time.Hour, "near the end": 7 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newServer(t)
				release := make(chan struct{})
				server.heard = func(s said) {
					if s.number == 250 {
						<-release
					}
				}
				load := server.load()
				load.Count, load.Rate, load.Duration = 0, 100, duration
				run, err := Join(t.Context(), load)
				require.NoError(t, err)
				began := time.Now()
				run.Start()
				result := run.Wait()
				close(release)
				run.Leave()
				assert.True(t, result.Stuck)
				assert.Positive(t, result.Delivered)
				assert.InDelta(t, 5, result.Elapsed.Seconds(), 0.1, "until the last arrival")
				assert.Less(t, time.Since(began), 12*time.Second)
			})
		})
	}
}

// When its time ends in the same moment as its patience, what was in flight is lost, and makes no room for more.
func TestRun_losesWhatAStuckServerHasNotDelivered(t *testing.T) {
	for range 20 { // a select takes any case that is ready
		synctest.Test(t, func(t *testing.T) {
			server := newServer(t)
			release := make(chan struct{})
			server.heard = func(s said) {
				if s.sender >= 0 {
					<-release
				}
			}
			load := server.load()
			load.Count, load.Duration, load.Patience = 0, time.Second, time.Second
			run, err := Join(t.Context(), load)
			require.NoError(t, err)
			run.Start()
			result := run.Wait()
			close(release)
			run.Leave()
			assert.True(t, result.Stuck)
			assert.EqualValues(t, load.Window, result.Sent)
			assert.EqualValues(t, load.Window*(load.Clients-1), result.Lost)
			assert.Zero(t, result.InFlight)
		})
	}
}

func TestRun_doesNotWaitForWhatStaysInTheBuffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		hurry := make(chan struct{})
		server.heard = func(s said) {
			if s.sender >= 0 {
				select {
				case <-time.After(10 * time.Millisecond):
				case <-hurry:
				}
			}
		}
		load := server.load()
		load.Window, load.Count, load.Duration = 0, 0, time.Second
		began := time.Now()
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		run.Start()
		result := run.Wait()
		assert.InDelta(t, (time.Second + drainLimit).Seconds(), time.Since(began).Seconds(), 2.5)
		assert.Greater(t, result.InFlight, 1000)
		assert.Positive(t, result.Delivered)
		assert.Zero(t, result.Lost)
		assert.False(t, result.Stuck)
		close(hurry)
		run.Leave()
	})
}

func TestRun_goesOnWithoutWhatIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// All that is in flight is lost, once: nothing will ever come that shows it.
		server := newServer(t)
		server.deliver = func(_ int, s said) string {
			if s.number >= 100 && s.number < 104 {
				return ""
			}
			return s.line
		}
		result := send(t, server.load())
		assert.EqualValues(t, 1000, result.Sent)
		assert.EqualValues(t, 2*4*4, result.Lost)
		assert.False(t, result.Stuck)
	})
}

func TestRun_goesOnWithoutWhoIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		server.heard = func(s said) {
			if s.sender == 0 && s.number == 100 {
				server.lock <- struct{}{}
				defer func() { <-server.lock }()
				// Reset, so that its goroutine here and its client both notice.
				server.conns[0].(*memnet.Conn).Reset()
			}
		}
		result := send(t, server.load())
		assert.Equal(t, map[string]int{"connection reset by peer": 1}, result.Gone)
		assert.GreaterOrEqual(t, result.Sent, int64(500), "if it was a sender, the other still sends")
		assert.False(t, result.Stuck)
	})
}

func TestRun_canBeWithoutPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := newServer(t).load()
		load.Patience = 1
		assert.EqualValues(t, 4*load.Count, send(t, load).Delivered)
	})
}

// A message that is alone is given its time, however long nothing had arrived before it was sent.
func TestRun_isPatientFromWhenSomethingWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		server.heard = func(s said) {
			if s.sender >= 0 {
				after(defaultPatience / 2)
			}
		}
		load := server.load()
		load.Window, load.Rate, load.Count = 0, 0.2, 5
		result := send(t, load)
		assert.EqualValues(t, 4*load.Count, result.Delivered)
		assert.Zero(t, result.Lost+result.Late)
	})
}

func TestRun_endsThoughASenderIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t, memnet.Buffer(1<<10))
		release := make(chan struct{})
		server.heard = func(s said) {
			switch {
			case s.sender == 0 && s.number == 100:
				<-release
			case s.sender == 1: // is heard for long
				after(100 * time.Millisecond)
			}
		}
		load := server.load()
		load.Window, load.Count, load.Duration = 0, 0, time.Second
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		run.Start()
		began := time.Now()
		result := run.Wait()
		assert.Less(t, time.Since(began), load.Duration+drainLimit+time.Second)
		assert.Positive(t, result.InFlight+int(result.Lost))
		close(release)
		run.Leave()
		after(time.Second)
	})
}

func TestRun_sendsNothingThroughAConnectionThatHasEnded(t *testing.T) {
	for name, typing := range map[string]time.Duration{"at once": 0, "in two halves": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				load := newServer(t).load()
				load.Senders, load.Typing = 1, typing
				run, err := Join(t.Context(), load)
				require.NoError(t, err)
				defer run.Leave()
				require.NoError(t, run.clients[0].conn.(*memnet.Conn).CloseWrite())
				run.Start()
				result := run.Wait()
				assert.Zero(t, result.Sent)
				assert.Zero(t, result.Lost)
				assert.Zero(t, result.InFlight)
			})
		})
	}
}

// With more senders than may send at once, some of them wait for a place when the last message has been sent.
func TestRun_endsWhenSendersStillWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := newServer(t).load()
		load.Clients, load.Senders, load.Window, load.Count = 40, 40, 4, 200
		result := send(t, load)
		assert.EqualValues(t, load.Count, result.Sent)
		assert.Zero(t, result.Lost)
	})
}
