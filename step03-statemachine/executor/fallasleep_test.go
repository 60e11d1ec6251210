package executor_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// A held worker has looked for tasks, has found none, and is about to announce that it will sleep. There it
// stays until it is released. What happens in between is what the second look is for.

// holdNext returns a trace that holds the next worker that is about to sleep, once hold is called.
func holdNext() (tr *trace.Trace, hold func() (release func())) {
	tr = trace.New(1000)
	var mu sync.Mutex
	var held chan struct{}
	tr.OnEvent = func(e trace.Event) {
		if e.Kind != trace.Parked {
			return
		}
		mu.Lock()
		wait := held
		held = nil
		mu.Unlock()
		if wait != nil {
			<-wait
		}
	}
	return tr, func() (release func()) {
		mu.Lock()
		defer mu.Unlock()
		released := make(chan struct{})
		held = released
		return func() { close(released) }
	}
}

// waitsFor is a Future whose poll does not return before c is closed.
func waitsFor(c chan struct{}) future.Future[struct{}] { return call(func() { <-c }) }

func TestRuntime_seesBeforeItSleepsWhatOthersHaveTakenAndCannotPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, hold := holdNext()
		rt := executor.New(executor.Config{Workers: 3, Trace: tr})
		defer rt.Shutdown()
		spawn := func(f future.Future[struct{}]) *executor.JoinHandle[struct{}] {
			h := executor.Spawn(rt, f)
			synctest.Wait()
			return h
		}
		synctest.Wait()
		release := hold()
		spawn(call(func() {})) // wakes the worker that is held then
		second, busy := make(chan struct{}), make(chan struct{})
		defer close(busy)
		spawn(waitsFor(second))
		// The third one finds four tasks, and takes two of them: one holds it, the other lies in its queue.
		var taken *executor.JoinHandle[struct{}]
		spawn(call(func() {
			executor.Spawn(rt, waitsFor(busy))
			taken = executor.Spawn(rt, call(func() {}))
			executor.Spawn(rt, call(func() {}))
			executor.Spawn(rt, waitsFor(busy))
		}))
		close(second) // The second one takes the two others.
		synctest.Wait()
		require.False(t, taken.Done())
		release()
		synctest.Wait()
		require.True(t, taken.Done(), "a worker has fallen asleep over a task that it could have stolen")
	})
}

// A lookingDriver holds who only looks.
type lookingDriver struct {
	executor.Driver
	held chan struct{}
}

func (d lookingDriver) Park(limit time.Duration, woken []future.Waker) []future.Waker {
	if limit == 0 {
		<-d.held
	}
	return d.Driver.Park(limit, woken)
}

func TestShutdown_isSeenByWhoIsAboutToSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, hold := holdNext()
		driver := lookingDriver{executor.NewParker(), make(chan struct{})}
		rt := executor.New(executor.Config{Workers: 2, Driver: driver, Trace: tr})
		synctest.Wait()
		release := hold()
		executor.Spawn(rt, call(func() {})).Detach()
		synctest.Wait()
		// The other one looks at the driver between many polls. So it is there that Shutdown's Unpark arrives.
		var quiet atomic.Bool
		executor.Spawn(rt, forever(func(cx *future.Context) {
			if !quiet.Load() {
				cx.Waker().Wake()
			}
		})).Detach()
		synctest.Wait()
		down := make(chan struct{})
		go func() {
			defer close(down)
			rt.Shutdown()
		}()
		synctest.Wait()
		quiet.Store(true) // there is no task either that would keep a worker awake
		close(driver.held)
		synctest.Wait()
		release()
		synctest.Wait()
		select {
		case <-down:
		default:
			t.Error("a worker has fallen asleep in the driver, and Shutdown waits for it")
			driver.Unpark()
			<-down
		}
	})
}
