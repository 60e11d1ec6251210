package reactor

import (
	"net"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

func TestPark_returnsTheWakersAndDoesNotCallThem(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	reader := waitFor(t, source, Read)
	before := new(futuretest.Waker)
	write(t, peer, "x")
	woken := e.Park(-1, []future.Waker{before})
	require.Equal(t, []future.Waker{before, reader}, woken)
	require.Zero(t, reader.Wakes())
}

func TestPark_tellsEachChangeOnce(t *testing.T) {
	e := newEpoll(t)
	for range 20 {
		_, peer := register(t, e)
		write(t, peer, "nobody reads this")
	}
	require.True(t, e.look(), "each is writable, and has bytes")
	e.deliver(nil)
	require.False(t, e.look(), "idle connections that are ready to be read and written cost a turn of the driver again and again: they are level-triggered")
}

func TestPark_neverReturnsBeforeItsLimitAndDoesNotSpinBeforeIt(t *testing.T) {
	e := newEpoll(t)
	const sleeps = 20
	turns := 0
	for i := range sleeps {
		limit := time.Millisecond + time.Duration(i)*50*time.Microsecond
		for begin := time.Now(); time.Since(begin) < limit; turns++ {
			require.Empty(t, e.Park(limit-time.Since(begin), nil))
		}
	}
	require.LessOrEqual(t, turns, 3*sleeps, "%d sleeps took %d turns: is the rest of a millisecond rounded down?", sleeps, turns)
}

func TestPark_obeysAShorterLimitAfterALongOne(t *testing.T) {
	e := newEpoll(t)
	time.AfterFunc(5*time.Millisecond, e.Unpark)
	e.Park(time.Hour, nil)
	defer time.AfterFunc(patience, e.Unpark).Stop()
	begin := time.Now()
	e.Park(time.Millisecond, nil)
	require.GreaterOrEqual(t, time.Since(begin), time.Millisecond)
	require.Less(t, time.Since(begin), patience, "it sleeps for the hour of the Park before")

	e.Park(time.Millisecond, nil)
	time.AfterFunc(5*time.Millisecond, e.Unpark)
	begin = time.Now()
	e.Park(-1, nil)
	require.GreaterOrEqual(t, time.Since(begin), 4*time.Millisecond, "it obeys the limit of the Park before")
}

// patience is how long a test waits for what must come at once.
const patience = 10 * time.Second

func TestUnpark_beforeParkIsKept(t *testing.T) {
	e := newEpoll(t)
	e.Unpark()
	e.Unpark()
	e.Park(-1, nil) // returns
	require.False(t, e.look(), "two Unparks before a Park are one")
	require.False(t, e.unparked.Load())
}

// The order of two lines in acceptUnpark. Wrong, it loses an Unpark that comes between them, and with
// it every one that follows.
func TestUnpark_isNeverLost(t *testing.T) {
	e := newEpoll(t)
	for round := range 2000 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 20 {
				e.Unpark()
			}
		}()
		for isRunning := true; isRunning; { // at the same time
			e.Park(0, nil)
			select {
			case <-done:
				isRunning = false
			default:
				runtime.Gosched() // or with one processor, nobody calls Unpark for 10 ms
			}
		}
		e.Unpark()
		begin := time.Now()
		e.Park(patience, nil)
		require.Less(t, time.Since(begin), patience, "Unpark was called in round %d, and Park sleeps", round)
	}
}

func TestPark_isNotDisturbedBySignals(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	quit, signalled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(signalled)
		for {
			select {
			case <-quit:
				return
			default:
				signalAllThreads(t)
			}
		}
	}()
	for range 2000 {
		reader := waitFor(t, source, Read)
		go write(t, peer, "x")
		for reader.Wakes() == 0 {
			for _, waker := range e.Park(-1, nil) {
				waker.Wake()
			}
		}
		require.Equal(t, "x", read(t, source, 2))
	}
	close(quit)
	<-signalled
}

// signalAllThreads sends to each thread of this process the signal that Go preempts goroutines with.
func signalAllThreads(t *testing.T) {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Error(err)
	}
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.Tgkill(os.Getpid(), id, unix.SIGURG) // the thread may have ended
		}
	}
}

func TestEpoll_givesBackAllDescriptorsWhenItIsClosed(t *testing.T) {
	before := descriptors(t)
	e, err := New()
	require.NoError(t, err)
	var wakers []*futuretest.Waker
	for range 10 {
		source, peer := register(t, e)
		wakers = append(wakers, waitFor(t, source, Read))
		peer.Close()
	}
	require.NoError(t, e.Close())
	require.NoError(t, e.Close(), "a second Close does nothing")
	require.Equal(t, before, descriptors(t))
	for _, waker := range wakers {
		require.Equal(t, 1, waker.Wakes(), "somebody still waits")
	}
	e.Unpark() // does nothing: the number of eventfd may be somebody else's by now
}

func TestRegister_afterCloseClosesWhatItIsGiven(t *testing.T) {
	e, err := New()
	require.NoError(t, err)
	require.NoError(t, e.Close())
	before := descriptors(t)
	fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	require.NoError(t, err)
	require.ErrorIs(t, e.Register(new(Source), fd), net.ErrClosed)
	require.Equal(t, before, descriptors(t))
}

func TestRegister_thatFailsClosesWhatItIsGiven(t *testing.T) {
	e := newEpoll(t)
	file, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer file.Close()
	fd, err := unix.Dup(int(file.Fd()))
	require.NoError(t, err)
	require.ErrorIs(t, e.Register(new(Source), fd), unix.EPERM, "epoll takes no regular files")
	require.False(t, isOpen(fd))
	register(t, e) // and its slot is free again
	require.Len(t, e.slots.all, 1)
}

// descriptors returns how many files this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}
