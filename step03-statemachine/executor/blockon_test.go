package executor_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

func TestRuntime_whatWouldBlockAWorkerPanics(t *testing.T) {
	onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
		other := executor.Spawn(rt, future.Never[int]())
		for name, block := range map[string]func(){
			"Shutdown": rt.Shutdown,
			"Wait":     func() { _, _ = other.Wait() },
			"BlockOn":  func() { executor.BlockOn(future.Never[int]()) },
		} {
			_, err := executor.Spawn(rt, call(block)).Wait()
			var panicked *executor.PanicError
			require.ErrorAs(t, err, &panicked, name)
			require.Contains(t, panicked.Value, "in the poll of a task", name)
		}
		// What is ready blocks nobody.
		_, err := executor.Spawn(rt, call(func() { executor.BlockOn(future.Ready(1)) })).Wait()
		require.NoError(t, err)
	})
}

func TestBlockOn(t *testing.T) {
	t.Run("a ready Future is polled once", func(t *testing.T) {
		p := futuretest.NewProbe[int](t, "the future")
		p.Complete(7)
		require.Equal(t, 7, executor.BlockOn(p))
		require.Equal(t, 1, p.Polls())
	})
	t.Run("a wake before the sleep is not lost", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := futuretest.NewProbe[int](t, "the future")
			p.OnPoll = func(cx *future.Context) {
				if p.Polls() < 3 {
					cx.Waker().Wake()
					cx.Waker().Wake()
				} else {
					p.Complete(7)
				}
			}
			require.Equal(t, 7, executor.BlockOn(p))
			require.Equal(t, 3, p.Polls())
		})
	})
	t.Run("sleeps until it is woken", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := futuretest.NewProbe[int](t, "the future")
			done := make(chan int)
			go func() { done <- executor.BlockOn(p) }()
			time.Sleep(time.Hour)
			require.Equal(t, 1, p.Polls())
			p.Wake()
			synctest.Wait()
			require.Equal(t, 2, p.Polls())
			p.Complete(7)
			require.Equal(t, 7, <-done)
		})
	})
	t.Run("in a BlockOn of another Future", func(t *testing.T) {
		inner := future.Func[int](func(cx *future.Context) (int, bool) { return executor.BlockOn(future.Ready(7)), true })
		require.Equal(t, 7, executor.BlockOn[int](inner))
	})
}

func TestParker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := executor.NewParker()
		start := time.Now()
		waker := &futuretest.Waker{}
		require.Equal(t, []future.Waker{waker}, p.Park(0, []future.Waker{waker}), "it gives back what it was given")
		require.Zero(t, time.Since(start), "a limit of 0 only looks")
		p.Park(time.Second, nil)
		require.Equal(t, time.Second, time.Since(start))
		p.Unpark()
		p.Unpark()
		p.Park(-1, nil)
		p.Park(time.Second, nil)
		require.Equal(t, 2*time.Second, time.Since(start), "two wakes before the sleep are one")
		p.Unpark()
		p.Park(time.Second, nil)
		require.Equal(t, 2*time.Second, time.Since(start))
		go func() {
			time.Sleep(time.Second)
			p.Unpark()
		}()
		p.Park(time.Hour, nil)
		require.Equal(t, 3*time.Second, time.Since(start))
		p.Unpark()
		p.Park(0, nil)
		p.Park(time.Second, nil)
		require.Equal(t, 4*time.Second, time.Since(start), "a look takes the token")
		require.NoError(t, p.Close())
	})
}
