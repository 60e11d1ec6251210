package coroutine_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// How a body ends is what its task results in.
func TestTask_endsAsItsBodyDoes(t *testing.T) {
	m := executor.NewManual(nil)
	defer m.Shutdown()

	value := executor.Spawn(m, coroutine.New(func(co *coroutine.Coroutine) int {
		coroutine.Await(co, m.Sleep(time.Second))
		return 7
	}))
	panics := executor.Spawn(m, coroutine.New(func(co *coroutine.Coroutine) int {
		coroutine.Await(co, m.Sleep(time.Second))
		panic("the body's")
	}))
	exits := executor.Spawn(m, coroutine.New(func(co *coroutine.Coroutine) int {
		coroutine.Await(co, m.Sleep(time.Second))
		runtime.Goexit()
		return 0
	}))
	unwound := false
	aborted := executor.Spawn(m, coroutine.New(func(co *coroutine.Coroutine) int {
		defer func() { unwound = true }()
		coroutine.Await(co, m.Sleep(time.Hour))
		return 0
	}))
	m.RunUntilStalled()
	require.Equal(t, 4, m.Timers().Len())
	m.Advance(time.Second)
	aborted.Abort()
	polled := make(chan struct{})
	go func() { // a body that calls Goexit ends who polls it
		defer close(polled)
		m.RunUntilStalled()
	}()
	<-polled
	m.RunUntilStalled()

	got, err := value.Wait()
	require.NoError(t, err)
	require.Equal(t, 7, got)

	var panicked *executor.PanicError
	_, err = panics.Wait()
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, "the body's", panicked.Value)

	_, err = exits.Wait()
	require.ErrorIs(t, err, executor.ErrGoexit)

	_, err = aborted.Wait()
	require.ErrorIs(t, err, executor.ErrCancelled)
	require.True(t, unwound)
	require.Zero(t, m.Timers().Len(), "its timer was given back")
}

// A coroutine is polled by whichever worker has time, each time by another one.
func TestTask_movesBetweenWorkers(t *testing.T) {
	const tasks, awaits = 100, 50
	rt := executor.New(executor.Config{Workers: 4})
	defer rt.Shutdown()
	var total atomic.Int64
	var handles []*executor.JoinHandle[int]
	for range tasks {
		handles = append(handles, executor.Spawn(rt, coroutine.New(func(co *coroutine.Coroutine) (sum int) {
			for range awaits {
				coroutine.Await(co, future.Yield())
				sum++ // no lock: it is on this stack
			}
			total.Add(int64(sum))
			return sum
		})))
	}
	for _, handle := range handles {
		sum, err := handle.Wait()
		require.NoError(t, err)
		require.Equal(t, awaits, sum)
	}
	require.EqualValues(t, tasks*awaits, total.Load())
}

// Shutdown unwinds the bodies of tasks that are not over.
func TestTask_isUnwoundByShutdown(t *testing.T) {
	rt := executor.New(executor.Config{Workers: 2})
	waiting := make(chan struct{})
	var unwound atomic.Int64
	for range 20 {
		executor.Spawn(rt, coroutine.New(func(co *coroutine.Coroutine) (none struct{}) {
			defer unwound.Add(1)
			waiting <- struct{}{}
			coroutine.Await(co, future.Never[struct{}]())
			return none
		})).Detach()
	}
	for range 20 {
		<-waiting
	}
	rt.Shutdown()
	require.EqualValues(t, 20, unwound.Load())
}
