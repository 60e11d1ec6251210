package reactor

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// BenchmarkPark compares the three ways in which a Go program can sleep until a descriptor is
// ready. Run it with -cpu 1,2: how many threads may run Go code makes the difference.
//
// A goroutine calls Unpark, and waits for an answer from the one that parks: again at once ("busy"), or
// after a millisecond in which everybody has gone to sleep ("idle"). ns/op is the round trip, cpu-us/op its
// processor time, which is steady where others use the machine, and us/wake the median time from Unpark to
// the return of Park, which tells little of "busy/blocking": there, who waits too long is the
// goroutine that calls Unpark next.
//
//	go test -run='^$' -bench=Park -cpu=1,2 -benchtime=20000x -count=5 ./step03-statemachine/reactor
func BenchmarkPark(b *testing.B) {
	ways := []struct {
		name string
		park func(e *Epoll)
	}{
		{"blocking", func(e *Epoll) { e.block() }},
		{"yielding", func(e *Epoll) {
			if e.look() {
				return
			}
			runtime.Gosched()
			if !e.look() {
				e.block()
			}
		}},
		{"netpoller", func(e *Epoll) {
			if !e.look() {
				e.sleep(-1)
			}
		}},
	}
	for _, pause := range []time.Duration{0, time.Millisecond} {
		for _, way := range ways {
			name := map[bool]string{true: "busy", false: "idle"}[pause == 0]
			b.Run(fmt.Sprintf("%s/%s", name, way.name), func(b *testing.B) {
				e := newBare(b)
				if way.name == "netpoller" {
					require.NoError(b, e.openFile())
				}
				wakes := make(chan time.Time)
				go func() {
					for range b.N {
						way.park(e)
						now := time.Now()
						e.deliver(nil)
						wakes <- now
					}
				}()
				latencies := make([]time.Duration, 0, b.N)
				before := processorTime(b)
				b.ResetTimer()
				for range b.N {
					if pause > 0 {
						time.Sleep(pause)
					}
					begin := time.Now()
					e.Unpark()
					latencies = append(latencies, (<-wakes).Sub(begin))
				}
				b.StopTimer()
				b.ReportMetric(float64(median(latencies))/1e3, "us/wake")
				b.ReportMetric(float64(processorTime(b)-before)/1e3/float64(b.N), "cpu-us/op")
			})
		}
	}
}

// newBare returns an Epoll that is not in Go's netpoller, or else that would be woken, too.
func newBare(b *testing.B) *Epoll {
	e := new(Epoll)
	var err error
	e.fd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	require.NoError(b, err)
	e.eventfd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	require.NoError(b, err)
	require.NoError(b, e.add(e.eventfd, unix.EPOLLIN, unparkSlot, 0))
	b.Cleanup(func() {
		unix.Close(e.eventfd)
		if e.file != nil {
			e.file.Close()
		} else {
			unix.Close(e.fd)
		}
	})
	return e
}

// block sleeps in the kernel.
func (e *Epoll) block() {
	for {
		n, err := unix.EpollWait(e.fd, e.events[:], -1)
		if err != unix.EINTR {
			e.found = n
			return
		}
	}
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// processorTime is what the process has used so far, in user mode and in the kernel.
func processorTime(b *testing.B) time.Duration {
	var usage unix.Rusage
	require.NoError(b, unix.Getrusage(unix.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
