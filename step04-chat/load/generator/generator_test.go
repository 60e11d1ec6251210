package generator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
)

func TestRun_countsEachMessageAtEachReceiver(t *testing.T) {
	for name, options := range map[string][]memnet.Option{"whole": nil, "byte by byte": {memnet.Segments(1)}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				result := send(t, newServer(t, options...).load())
				assert.EqualValues(t, 1000, result.Sent)
				assert.EqualValues(t, 4000, result.Delivered, "nobody gets his own")
				assert.EqualValues(t, 4000, result.Each.TotalCount())
				assert.EqualValues(t, 1000, result.Last.TotalCount())
				assert.Zero(t, result.Lost+result.Told+result.Late+result.Again+result.Garbled+result.Echoed)
				assert.Zero(t, result.Untold+result.InFlight+len(result.Gone))
				assert.False(t, result.Stuck)
			})
		})
	}
}

// In each case the client that came first gets something else than what was said, changed times.
func TestRun_seesWhatAServerDoesWrong(t *testing.T) {
	for _, test := range []struct {
		name   string
		every  int
		change func(line string) string
		check  func(t *testing.T, r *Result, changed int64)
	}{
		{"loses", 10, nothing, func(t *testing.T, r *Result, changed int64) {
			assert.Equal(t, changed, r.Lost)
			assert.EqualValues(t, 4000, r.Delivered+r.Lost)
			assert.Equal(t, 1, r.Untold)
			assert.EqualValues(t, 1000-changed, r.Last.TotalCount(), "what somebody has lost has no last")
		}},
		{"loses and says so", 10, func(string) string { return "* you missed 1 message\n" }, func(t *testing.T, r *Result, changed int64) {
			assert.Equal(t, changed, r.Lost)
			assert.Equal(t, changed, r.Told)
			assert.Zero(t, r.Untold)
		}},
		{"says more than it loses", 10, func(string) string { return "* you missed 2 messages\r\n" }, func(t *testing.T, r *Result, changed int64) {
			assert.Equal(t, 2*changed, r.Told)
			assert.Equal(t, 1, r.Untold)
		}},
		{"delivers twice", 10, twice, func(t *testing.T, r *Result, changed int64) {
			assert.Equal(t, changed, r.Again)
			assert.EqualValues(t, 4000, r.Delivered)
			assert.Zero(t, r.Lost)
		}},
		{"changes the text", 10, spoilt, func(t *testing.T, r *Result, changed int64) {
			assert.Equal(t, changed, r.Garbled)
			assert.Equal(t, changed, r.Lost)
		}},
		{"delivers what nobody has said", 10, func(line string) string {
			_, text, _ := strings.Cut(line, " ")
			mark, _, _ := strings.Cut(text, " ")
			return line + "[somebody] " + mark + " 2 0 xxxxxxxxxxxxxx\n[somebody] " + mark + " 0 999999 xxxxxxxxx\n"
		}, func(t *testing.T, r *Result, changed int64) {
			assert.Equal(t, 2*changed, r.Garbled)
			assert.Zero(t, r.Lost)
		}},
		{"says other things", 1, func(line string) string {
			return "* welcome\n\n[somebody] hi\n" + line + strings.Repeat("z", 3*readSize) + "\n"
		}, func(t *testing.T, r *Result, _ int64) {
			assert.EqualValues(t, 4000, r.Delivered)
			assert.Zero(t, r.Garbled)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newServer(t)
				var changed int64
				server.deliver = every(test.every, &changed, test.change)
				result := send(t, server.load())
				require.EqualValues(t, 1000, result.Sent)
				require.Positive(t, changed)
				test.check(t, result, changed)
			})
		})
	}
}

func TestRun_tellsWhatIsLateFromWhatIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		held, late := make(map[int]string), int64(0)
		server.deliver = func(to int, s said) string {
			switch {
			case to == 0 && s.number%10 == 3:
				held[s.sender] = s.line
				return ""
			case to == 0 && s.number%10 == 5:
				late++
				return s.line + held[s.sender]
			}
			return s.line
		}
		result := send(t, server.load())
		assert.Equal(t, late, result.Late)
		assert.LessOrEqual(t, result.Lost, int64(2), "the last one of each sender may be held for ever")
		assert.Zero(t, result.Again)
		assert.EqualValues(t, 4000, result.Delivered+result.Late+result.Lost)
	})
}

func TestRun_noticesWhatComesBackToItsSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		server.echo = true
		result := send(t, server.load())
		assert.EqualValues(t, 1000, result.Echoed)
		assert.EqualValues(t, 4000, result.Delivered)
	})
}

func TestRun_hasNoMoreInFlightThanItsWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		var heard atomic.Int64
		gate := make(chan struct{})
		server.heard = func(s said) {
			if s.sender >= 0 {
				heard.Add(1)
				<-gate
			}
		}
		run, err := Join(t.Context(), server.load())
		require.NoError(t, err)
		defer run.Leave()
		run.Start()
		synctest.Wait()
		assert.Equal(t, 8, run.Snapshot().InFlight)
		assert.EqualValues(t, 8, run.Snapshot().Sent)
		close(gate)
		result := run.Wait()
		assert.EqualValues(t, 1000, heard.Load())
		assert.EqualValues(t, 4000, result.Delivered)
	})
}

func TestRun_withoutAWindowIsSlowedDownByTheServerAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServer(t)
		gate := make(chan struct{})
		server.heard = func(s said) {
			if s.sender >= 0 {
				<-gate
			}
		}
		load := server.load()
		load.Window, load.Count = 0, 20_000
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		defer run.Leave()
		run.Start()
		synctest.Wait()
		assert.Greater(t, run.Snapshot().InFlight, 1000, "the kernel's buffers are full")
		close(gate)
		assert.EqualValues(t, 80_000, run.Wait().Delivered)
	})
}

func TestRun_keepsTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := newServer(t).load()
		load.Window, load.Rate, load.Count = 0, 50, 101
		result := send(t, load)
		assert.Equal(t, 2*time.Second, result.Elapsed, "101 messages, 20 ms apart")
		assert.EqualValues(t, 404, result.Delivered)
		assert.EqualValues(t, 1, result.Each.Max(), "in memory nothing takes any time")
	})
}

func TestRun_countsTimesFromWhenAMessageWasDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Given a server that stalls for 10 s, when 10 messages a second are due for 30 s,
		server := newServer(t)
		var stalled atomic.Bool
		server.heard = func(s said) {
			if s.number == 20 && stalled.CompareAndSwap(false, true) {
				after(10 * time.Second)
			}
		}
		load := server.load()
		load.Window, load.Senders, load.Rate, load.Count, load.Duration, load.Patience = 1, 1, 10, 0, 30*time.Second, time.Minute
		result := send(t, load)
		// then of 300 messages, 100 became due during the stall, though only one was in flight.
		require.EqualValues(t, 300, result.Sent)
		assert.InDelta(t, (4 * time.Second).Microseconds(), result.Each.ValueAtQuantile(80), 0.2e6)
		assert.InDelta(t, (10 * time.Second).Microseconds(), result.Last.Max(), 0.1e6)
	})
}

func TestRun_pausesInTheMiddleOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Given a server that loses what it has of a line when another line comes in between, as the article's does,
		listener := memnet.Listen()
		t.Cleanup(func() { listener.Close() })
		go forgetful(listener)
		load := Load{Dial: func(ctx context.Context) (net.Conn, error) { return listener.Dial(ctx) }, Clients: 3, Senders: 1, Window: 1, Size: 24, Count: 100}
		// when people think in the middle of their lines,
		load.Typing = 10 * time.Millisecond
		result := send(t, load)
		assert.Zero(t, result.Lost, "alone one can take one's time")
		assert.EqualValues(t, 1, result.Each.Max(), "to type takes time, but not the server's")
		load.Senders, load.Rate, load.Window = 2, 150, 0
		result = send(t, load)
		// then something is lost.
		assert.EqualValues(t, 100, result.Sent)
		assert.Positive(t, result.Lost)
	})
}

func TestRun_forgetsWithReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := newServer(t).load()
		load.Count, load.Rate, load.Duration = 0, 10, 2*time.Second
		run, err := Join(t.Context(), load)
		require.NoError(t, err)
		defer run.Leave()
		run.Start()
		after(1050 * time.Millisecond) // between two messages
		assert.EqualValues(t, 11, run.Snapshot().Sent)
		run.Reset()
		assert.Zero(t, run.Snapshot().Delivered)
		result := run.Wait()
		assert.EqualValues(t, 9, result.Sent)
		assert.EqualValues(t, 36, result.Delivered)
	})
}

func TestResult_takesNoMoreMemoryThanItsCauses(t *testing.T) {
	r := newResult()
	for i := range 100 {
		r.countGone(fmt.Errorf("reading: %w", errors.New(fmt.Sprint(i))))
	}
	assert.Len(t, r.Gone, maxCauses+1)
	assert.Equal(t, 100-maxCauses, r.Gone["other"])
}
