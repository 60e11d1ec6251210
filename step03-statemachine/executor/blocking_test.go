package executor_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/executor"
)

func TestSpawnBlocking(t *testing.T) {
	t.Run("gives the value, and holds no worker", func(t *testing.T) {
		onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
			goOn := make(chan struct{})
			h := executor.SpawnBlocking(rt, func() int { <-goOn; return 7 })
			_, err := executor.Spawn(rt, rt.Sleep(time.Hour)).Wait()
			require.NoError(t, err)
			require.False(t, h.Done())
			close(goOn)
			value, err := h.Wait()
			require.NoError(t, err)
			require.Equal(t, 7, value)
		})
	})
	t.Run("may wait for tasks", func(t *testing.T) {
		onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
			h := executor.SpawnBlocking(rt, func() error {
				_, err := executor.Spawn(rt, rt.Sleep(time.Second)).Wait()
				return err
			})
			value, err := h.Wait()
			require.NoError(t, err)
			require.NoError(t, value)
		})
	})
	t.Run("gives a panic and a Goexit as the error", func(t *testing.T) {
		onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
			_, err := executor.SpawnBlocking(rt, func() int { panic("boom") }).Wait()
			var panicked *executor.PanicError
			require.ErrorAs(t, err, &panicked)
			require.Equal(t, "boom", panicked.Value)
			require.Contains(t, string(panicked.Stack), "TestSpawnBlocking", "the stack of the function")
			_, err = executor.SpawnBlocking(rt, func() int { runtime.Goexit(); return 0 }).Wait()
			require.ErrorIs(t, err, executor.ErrGoexit)
		})
	})
	t.Run("runs no more than its limit at a time, and the others in order", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rt := executor.New(executor.Config{})
			defer rt.Shutdown()
			goOn := make(chan struct{})
			var began []int
			var mu sync.Mutex
			var handles []*executor.JoinHandle[int]
			for i := range executor.BlockingMax + 3 {
				handles = append(handles, executor.SpawnBlocking(rt, func() int {
					mu.Lock()
					began = append(began, i)
					mu.Unlock()
					if i == 0 {
						<-goOn
						runtime.Goexit() // gives its place to the next one all the same
					}
					<-goOn
					return i
				}))
			}
			synctest.Wait()
			require.Len(t, began, executor.BlockingMax)
			handles[executor.BlockingMax].Abort()
			synctest.Wait()
			goOn <- struct{}{}
			synctest.Wait()
			require.Equal(t, executor.BlockingMax+1, began[executor.BlockingMax], "the one that was aborted is forgotten")
			close(goOn)
			for i, h := range handles {
				value, err := h.Wait()
				switch {
				case i == executor.BlockingMax:
					require.ErrorIs(t, err, executor.ErrCancelled)
				case err == nil:
					require.Equal(t, i, value)
				}
			}
			slices.Sort(began)
			require.Equal(t, executor.BlockingMax+2, len(slices.Compact(began)))
		})
	})
	t.Run("Shutdown waits for what runs and forgets what waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			rt := executor.New(executor.Config{})
			var began atomic.Int64
			for range executor.BlockingMax + 3 {
				executor.SpawnBlocking(rt, func() int {
					began.Add(1)
					time.Sleep(time.Hour)
					return 0
				}).Detach()
			}
			synctest.Wait()
			start := time.Now()
			rt.Shutdown()
			require.Equal(t, time.Hour, time.Since(start))
			require.EqualValues(t, executor.BlockingMax, began.Load())
			_, err := executor.SpawnBlocking(rt, func() int { began.Add(1); return 0 }).Wait()
			require.ErrorIs(t, err, executor.ErrCancelled)
			require.EqualValues(t, executor.BlockingMax, began.Load())
		})
	})
	t.Run("a value that comes after an abort is lost", func(t *testing.T) {
		onWorkers(t, func(t *testing.T, rt *executor.Runtime, _ int) {
			goOn := make(chan struct{})
			h := executor.SpawnBlocking(rt, func() int { <-goOn; return 7 })
			synctest.Wait()
			h.Abort()
			_, err := h.Wait()
			require.ErrorIs(t, err, executor.ErrCancelled)
			close(goOn)
		})
	})
}
