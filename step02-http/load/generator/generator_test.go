package generator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/load/client"
)

func TestRun_asksTheEndpointsByTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := make(map[string]int)
		dial := scripted(t, func(_ int, conn net.Conn) {
			eachHead(conn, func(head string) bool {
				mu.Lock()
				asked[targetOf(head)]++
				mu.Unlock()
				_, err := io.WriteString(conn, answer)
				return err == nil
			})
		})
		result := send(t, Load{Dial: dial, Count: 1000, Conns: 7, Endpoints: []Endpoint{
			endpoint(t, "GET", "/a"), endpoint(t, "GET", "/b"), endpoint(t, "GET", "/c"),
		}})
		assert.Equal(t, map[string]int{"/a": 334, "/b": 333, "/c": 333}, asked)
		assert.EqualValues(t, 1000, result.Sent())
		assert.EqualValues(t, 1000, result.Succeeded())
		assert.EqualValues(t, 334, result.Endpoints[0].Right)
		assert.Equal(t, map[int]int64{200: 333}, result.Endpoints[2].Statuses)
		// On a busy machine the first connections may have sent all before the last one dials.
		assert.LessOrEqual(t, result.Opened, int64(7))
		assert.Positive(t, result.Opened)
		assert.EqualValues(t, 2000, result.Bytes)
	})
}

func TestRun_namesWhatFailed(t *testing.T) {
	for _, test := range []struct {
		name    string
		serve   script
		failure string
	}{
		{"no answer", says(""), client.ErrNoAnswer.Error()},
		{"half an answer", says(answer[:len(answer)-1]), client.ErrCut.Error()},
		{"garbage", says("hello\r\n\r\n"), "the answer is no HTTP/1.1"},
		{"silence", func(_ int, conn net.Conn) { io.Copy(io.Discard, conn) }, failedTimeout},
		{"reset", func(_ int, conn net.Conn) {
			conn.Read(make([]byte, 1))
			conn.(interface{ SetLinger(int) error }).SetLinger(0)
		}, "connection reset by peer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				result := send(t, Load{Dial: scripted(t, test.serve), Count: 3, Timeout: time.Second})
				assert.Equal(t, map[string]int64{test.failure: 3}, result.Endpoints[0].Failures)
				assert.EqualValues(t, 3, result.Failed())
				assert.EqualValues(t, 3, result.Opened, "a connection that failed is not used again")
				assert.Zero(t, result.Repeated, "a new connection has no excuse")
				assert.Zero(t, result.Latency.TotalCount())
			})
		})
	}
}

func TestRun_namesWhyThereIsNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuse := func(context.Context) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		}
		began := time.Now()
		result := send(t, Load{Dial: refuse, Duration: time.Second})
		assert.Equal(t, time.Second, time.Since(began))
		assert.Equal(t, map[string]int64{"no connection: " + syscall.ECONNREFUSED.Error(): 100}, result.Endpoints[0].Failures,
			"it pauses between its attempts")
	})
}

func TestRun_countsWrongAnswersApartFromFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asks := endpoint(t, "GET", "/")
		asks.Right = func(r client.Response) bool { return string(r.Content) == "OK" }
		result := send(t, Load{Dial: scripted(t, polite), Count: 5, Endpoints: []Endpoint{asks}})
		assert.EqualValues(t, 5, result.Succeeded())
		assert.EqualValues(t, 0, result.Right())

		missing := scripted(t, says("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
		result = send(t, Load{Dial: missing, Count: 5})
		assert.EqualValues(t, 5, result.Answered())
		assert.EqualValues(t, 0, result.Succeeded())
		assert.Equal(t, map[int]int64{404: 5}, result.Endpoints[0].Statuses)
	})
}

// A server may close a connection between two requests. What can be repeated without harm is.
func TestRun_repeatsOnlyWhatMayBeRepeated(t *testing.T) {
	for _, test := range []struct {
		method           string
		repeated, failed int64
	}{{"GET", 3, 0}, {"POST", 0, 2}} {
		t.Run(test.method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// It answers once on each connection, without saying that it will close.
				result := send(t, Load{Dial: scripted(t, says(answer)), Count: 4, Endpoints: []Endpoint{endpoint(t, test.method, "/")}})
				assert.Equal(t, test.repeated, result.Repeated)
				assert.Equal(t, test.failed, result.Failed())
				assert.EqualValues(t, 4, result.Sent())
			})
		})
	}
}

func TestRun_opensANewConnectionWhenToldTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closing := says(strings.Replace(answer, "\r\n", "\r\nConnection: close\r\n", 1))
		result := send(t, Load{Dial: scripted(t, closing), Count: 4})
		assert.EqualValues(t, 4, result.Opened)
		assert.Zero(t, result.Repeated, "it was announced")

		result = send(t, Load{Dial: scripted(t, polite), Count: 4, OneShot: true})
		assert.EqualValues(t, 4, result.Opened)
		assert.EqualValues(t, 4, result.Succeeded())
	})
}

func TestRun_pipelines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The server answers only when it has all four.
		dial := scripted(t, func(_ int, conn net.Conn) {
			waiting := 0
			eachHead(conn, func(string) bool {
				if waiting++; waiting == 4 {
					waiting = 0
					io.WriteString(conn, strings.Repeat(answer, 4))
				}
				return true
			})
		})
		result := send(t, Load{Dial: dial, Count: 12, Pipeline: 4, Timeout: time.Second})
		assert.EqualValues(t, 12, result.Succeeded())
		assert.EqualValues(t, 1, result.Opened)
	})
}

func TestRun_repeatsThePipelinedThatWereNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		result := send(t, Load{Dial: scripted(t, says(answer)), Count: 4, Pipeline: 4})
		assert.EqualValues(t, 2, result.Succeeded(), "one on each of two connections")
		assert.EqualValues(t, 3, result.Repeated)
		assert.Equal(t, map[string]int64{client.ErrNoAnswer.Error(): 2}, result.Endpoints[0].Failures)
	})
}

// stalling answers at once, but for one answer that takes ten seconds.
func stalling(requests *atomic.Int64) script {
	return func(_ int, conn net.Conn) {
		eachHead(conn, func(string) bool {
			if requests.Add(1) == 100 {
				<-time.After(10 * time.Second)
			}
			_, err := io.WriteString(conn, answer)
			return err == nil
		})
	}
}

func TestRun_doesNotOmitWhatAStalledServerDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Given a server that stalls for 10 s, when 10 requests a second are due on one connection for 30 s,
		var requests atomic.Int64
		result := send(t, Load{Dial: scripted(t, stalling(&requests)), Rate: 10, Duration: 30 * time.Second, Timeout: time.Minute})
		require.EqualValues(t, 300, result.Succeeded())

		// then of 300 requests, 100 became due during the stall, and waited 5 s on average:
		fifthOfAll := result.Latency.ValueAtQuantile(80)
		assert.InDelta(t, (4 * time.Second).Microseconds(), fifthOfAll, 0.2e6)
		assert.InDelta(t, (10 * time.Second).Microseconds(), result.Latency.Max(), 0.1e6)

		// whereas who counts from the moment of sending sees a single slow answer in 300.
		assert.Less(t, result.Service.ValueAtQuantile(99), time.Millisecond.Microseconds())
		assert.InDelta(t, (10 * time.Second).Microseconds(), result.Service.Max(), 0.1e6)
	})
}

func TestRun_countsWhatWasDueAndNeverSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := scripted(t, func(_ int, conn net.Conn) { io.Copy(io.Discard, conn) })
		result := send(t, Load{Dial: silent, Rate: 10, Duration: time.Second, Timeout: 10 * time.Second})
		assert.EqualValues(t, 1, result.Failed())
		assert.EqualValues(t, 9, result.Skipped)
	})
}

func TestRun_keepsTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		result := send(t, Load{Dial: scripted(t, polite), Rate: 50, Count: 101, Conns: 5})
		assert.Equal(t, 2*time.Second, time.Since(began), "101 requests, 20 ms apart")
		assert.EqualValues(t, 101, result.Succeeded())
		assert.Equal(t, 2*time.Second, result.Elapsed)
	})
}

func TestRun_endsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := scripted(t, func(_ int, conn net.Conn) {
			answered := 0
			eachHead(conn, func(string) bool {
				if answered++; answered < 100 {
					io.WriteString(conn, answer)
				}
				return true
			})
		})
		ctx, interrupt := context.WithCancel(t.Context())
		run, err := Start(ctx, Load{
			Dial: dial, Conns: 1, Count: 1000, Endpoints: []Endpoint{endpoint(t, "GET", "/")},
		})
		require.NoError(t, err)
		synctest.Wait() // until the server answers no more
		snapshot := run.Snapshot()
		assert.EqualValues(t, 99, snapshot.Answered)
		interrupt()
		result := run.Wait()
		assert.EqualValues(t, 99, result.Sent(), "what was under way is not counted")
		assert.Zero(t, result.Failed())
	})
}

func TestRun_forgetsWithReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, err := Start(t.Context(), Load{
			Dial: scripted(t, polite), Conns: 1, Rate: 10, Duration: 2 * time.Second, Endpoints: []Endpoint{endpoint(t, "GET", "/")},
		})
		require.NoError(t, err)
		<-time.After(1050 * time.Millisecond) // between two requests
		run.Reset()
		result := run.Wait()
		assert.EqualValues(t, 9, result.Sent())
	})
}

func TestFailures_takeNoMoreMemoryThanTheirNames(t *testing.T) {
	failures := make(map[string]int64)
	for i := range 1000 {
		countFailure(failures, fmt.Sprint(i))
	}
	assert.Len(t, failures, maxFailures+1)
	assert.EqualValues(t, 1000-maxFailures, failures[failedOther])
}

func TestFailure_namesTheCauseWithoutAddresses(t *testing.T) {
	cause := errors.New("too many open files")
	err := &net.OpError{Op: "read", Net: "tcp", Addr: &net.TCPAddr{Port: 4711}, Err: cause}
	assert.Equal(t, "too many open files", failure(fmt.Errorf("reading: %w", err)))
	err.Op = "dial"
	assert.Equal(t, "no connection: too many open files", failure(err))
}

func TestLoad_saysWhatIsWrongWithIt(t *testing.T) {
	right := Load{
		Dial: func(context.Context) (net.Conn, error) { return nil, io.EOF }, Endpoints: []Endpoint{endpoint(t, "GET", "/")},
		Conns: 1, Count: 1,
	}
	require.NoError(t, right.Check())
	for says, change := range map[string]func(*Load){
		"nobody to ask":            func(l *Load) { l.Dial = nil },
		"or nothing":               func(l *Load) { l.Endpoints = nil },
		"at least 1 connection":    func(l *Load) { l.Conns = 0 },
		"how many requests":        func(l *Load) { l.Count = 0 },
		"time-out":                 func(l *Load) { l.Timeout = -1 },
		"rate must be":             func(l *Load) { l.Rate = -1 },
		"at least 1 request":       func(l *Load) { l.Pipeline = -1 },
		"due one by one":           func(l *Load) { l.Pipeline, l.Rate = 2, 1 },
		"connections of their own": func(l *Load) { l.Pipeline, l.OneShot = 2, true },
		"64 KiB together":          func(l *Load) { l.Pipeline = 1 << 62 },
	} {
		load := right
		change(&load)
		assert.ErrorContains(t, load.Check(), says)
	}
}
