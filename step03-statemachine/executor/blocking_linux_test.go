package executor_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/reactor"
)

// Go's watchdog sleeps while the program is idle, and an event that the reactor brings does not wake it. Here
// nothing else does: the events are the kernel's own timers, since a Go timer, or a client that writes, would.
func TestSpawnBlocking_isInterruptedForTasksAlsoAfterTheProgramWasIdle(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	epoll, err := reactor.New()
	require.NoError(t, err)
	rt := executor.New(executor.Config{Driver: epoll})
	defer rt.Shutdown()

	const idle = 100 * time.Millisecond // long enough for the watchdog to fall asleep
	var ticked atomic.Bool
	executor.Spawn(rt, future.Map(kernelTimer(t, epoll, 2*idle), func(struct{}) struct{} {
		ticked.Store(true)
		return struct{}{}
	})).Detach()
	compute := func(struct{}) future.Future[future.Result[bool]] {
		return executor.SpawnBlocking(rt, func() bool {
			for start := time.Now(); time.Since(start) < 5*time.Second; {
				if ticked.Load() {
					return true
				}
			}
			return false
		})
	}
	result, err := executor.Spawn(rt, future.Then(kernelTimer(t, epoll, idle), compute)).Wait()
	require.NoError(t, err)
	require.NoError(t, result.Err)
	require.True(t, result.Value, "a task that is woken while a function computes gets its turn before the function has ended")
}

// kernelTimer returns a Future that is ready when d has passed, as the kernel tells through epoll.
func kernelTimer(t *testing.T, epoll *reactor.Epoll, d time.Duration) future.Future[struct{}] {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	require.NoError(t, err)
	require.NoError(t, unix.TimerfdSettime(fd, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(d.Nanoseconds())}, nil))
	source := new(reactor.Source)
	require.NoError(t, epoll.Register(source, fd))
	return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		for {
			attempt, ready, err := source.Begin(cx, reactor.Read)
			if err != nil || !ready {
				return struct{}{}, ready
			}
			var count [8]byte
			_, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(attempt.FD), uintptr(unsafe.Pointer(&count)), uintptr(len(count)))
			if errno == unix.EAGAIN {
				source.End(attempt, reactor.WouldBlock)
				continue
			}
			source.End(attempt, reactor.MayGoOn)
			return struct{}{}, true
		}
	})
}
