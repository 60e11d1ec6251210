package coroutine_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/future"
)

// A coroutine that is not unwound is a goroutine that is left, so goleak finds it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAwait_goesOnWhereItWaited(t *testing.T) {
	first, second := new(cell), new(cell)
	var trail []string
	f := coroutine.New(func(co *coroutine.Coroutine) int {
		trail = append(trail, "begun")
		a := coroutine.Await(co, first)
		trail = append(trail, "between")
		b := coroutine.Await(co, second)
		trail = append(trail, "ended")
		return a + b
	})
	require.Empty(t, trail, "a Future does nothing before its first Poll")

	w := new(waker)
	require.False(t, ready(f, w))
	require.Equal(t, []string{"begun"}, trail)
	require.False(t, ready(f, w), "it may be polled more often than it is woken")
	require.Equal(t, []string{"begun"}, trail)
	require.Equal(t, 2, first.polls)

	first.set(1)
	require.Equal(t, 1, w.wakes, "what is awaited has the poller's waker")
	require.False(t, ready(f, w))
	require.Equal(t, []string{"begun", "between"}, trail)

	second.set(2)
	value, isReady := f.Poll(future.NewContext(w))
	require.True(t, isReady)
	require.Equal(t, 3, value)
	require.Equal(t, []string{"begun", "between", "ended"}, trail)
	require.Zero(t, first.cancels+second.cancels, "what was ready is not cancelled")
}

func TestAwait_tellsTheWakerOfTheLastPoll(t *testing.T) {
	c := new(cell)
	f := coroutine.New(func(co *coroutine.Coroutine) int { return coroutine.Await(co, c) })
	a, b := new(waker), new(waker)
	require.False(t, ready(f, a))
	require.False(t, ready(f, b))
	c.set(1)
	require.Zero(t, a.wakes)
	require.Equal(t, 1, b.wakes)
	require.True(t, ready(f, a))
}

func TestAwait_doesNotWaitForWhatIsReady(t *testing.T) {
	f := coroutine.New(func(co *coroutine.Coroutine) (sum int) {
		for i := range 100 {
			sum += coroutine.Await(co, future.Func[int](func(*future.Context) (int, bool) { return i, true }))
		}
		return sum
	})
	value, isReady := f.Poll(future.NewContext(new(waker)))
	require.True(t, isReady)
	require.Equal(t, 99*100/2, value)
}

// Rust's await works in the async function itself only. This one has a stack.
func TestAwait_worksAtAnyDepth(t *testing.T) {
	c := new(cell)
	var down func(co *coroutine.Coroutine, depth int) int
	down = func(co *coroutine.Coroutine, depth int) int {
		if depth == 0 {
			return coroutine.Await(co, c)
		}
		return 1 + down(co, depth-1)
	}
	f := coroutine.New(func(co *coroutine.Coroutine) int { return down(co, 1000) })
	require.False(t, ready(f, new(waker)))
	c.set(7)
	value, isReady := f.Poll(future.NewContext(new(waker)))
	require.True(t, isReady)
	require.Equal(t, 1007, value)
}

func TestAwait_ofACoroutine(t *testing.T) {
	c := new(cell)
	f := coroutine.New(func(outer *coroutine.Coroutine) int {
		return 10 * coroutine.Await(outer, coroutine.New(func(inner *coroutine.Coroutine) int {
			return coroutine.Await(inner, c)
		}))
	})
	require.False(t, ready(f, new(waker)))
	c.set(4)
	value, isReady := f.Poll(future.NewContext(new(waker)))
	require.True(t, isReady)
	require.Equal(t, 40, value)
}

func TestPoll_mayComeFromAnotherGoroutineEachTime(t *testing.T) {
	f := coroutine.New(func(co *coroutine.Coroutine) (sum int) {
		for range 10 {
			sum += coroutine.Await(co, yield())
		}
		return sum
	})
	for range 10 {
		var done sync.WaitGroup
		done.Go(func() { assert.False(t, ready(f, new(waker))) })
		done.Wait()
	}
	value, isReady := f.Poll(future.NewContext(new(waker)))
	require.True(t, isReady)
	require.Equal(t, 10, value)
}

func TestPoll_afterTheEndPanics(t *testing.T) {
	f := coroutine.New(func(*coroutine.Coroutine) int { return 1 })
	require.True(t, ready(f, new(waker)))
	require.PanicsWithValue(t, future.PolledAfterReady, func() { ready(f, new(waker)) })

	f = coroutine.New(func(*coroutine.Coroutine) int { return 1 })
	future.Cancel(f)
	require.PanicsWithValue(t, future.PolledAfterReady, func() { ready(f, new(waker)) })
}

func TestPoll_passesOnThePanicOfTheBody(t *testing.T) {
	c := new(cell)
	f := coroutine.New(func(co *coroutine.Coroutine) int {
		coroutine.Await(co, c)
		panic("the body's")
	})
	require.False(t, ready(f, new(waker)))
	c.set(1)
	require.PanicsWithValue(t, "the body's", func() { ready(f, new(waker)) })
	require.PanicsWithValue(t, future.PolledAfterReady, func() { ready(f, new(waker)) })
	future.Cancel(f) // as an executor does; there is nothing left
	require.Zero(t, c.cancels)
}

func TestPoll_passesOnGoexit(t *testing.T) {
	f := coroutine.New(func(*coroutine.Coroutine) int {
		runtime.Goexit()
		return 1
	})
	returned := false
	var done sync.WaitGroup
	done.Go(func() {
		f.Poll(future.NewContext(new(waker)))
		returned = true
	})
	done.Wait()
	require.False(t, returned, "the goroutine that polls ends, too")
	future.Cancel(f)
}

func TestAwait_cancelsWhatPanicked(t *testing.T) {
	broken := &cell{panics: "the awaited's"}
	whole := new(cell)
	f := coroutine.New(func(co *coroutine.Coroutine) (value int) {
		defer func() {
			require.Equal(t, "the awaited's", recover())
			value = coroutine.Await(co, whole) // life goes on
		}()
		return coroutine.Await(co, broken)
	})
	require.False(t, ready(f, new(waker)))
	require.Equal(t, 1, broken.cancels)
	whole.set(5)
	value, isReady := f.Poll(future.NewContext(new(waker)))
	require.True(t, isReady)
	require.Equal(t, 5, value)
}

func TestCancel_unwindsTheBody(t *testing.T) {
	c := new(cell)
	var trail []string
	f := coroutine.New(func(co *coroutine.Coroutine) int {
		defer func() { trail = append(trail, "outer") }()
		func() {
			defer func() { trail = append(trail, "inner") }()
			coroutine.Await(co, c)
			trail = append(trail, "never")
		}()
		trail = append(trail, "never")
		return 1
	})
	require.False(t, ready(f, new(waker)))
	require.Empty(t, trail)
	future.Cancel(f)
	require.Equal(t, []string{"inner", "outer"}, trail, "the deferred functions have run when Cancel returns")
	require.Equal(t, 1, c.cancels, "what it awaited was cancelled with it")
}

func TestCancel_ofOneThatNeverBegan(t *testing.T) {
	future.Cancel(coroutine.New(func(*coroutine.Coroutine) int {
		t.Error("it begins")
		return 1
	}))
}

func TestCancel_reachesTheCoroutineWithin(t *testing.T) {
	c := new(cell)
	unwound := 0
	f := coroutine.New(func(outer *coroutine.Coroutine) int {
		defer func() { unwound++ }()
		return coroutine.Await(outer, coroutine.New(func(inner *coroutine.Coroutine) int {
			defer func() { unwound++ }()
			return coroutine.Await(inner, c)
		}))
	})
	require.False(t, ready(f, new(waker)))
	future.Cancel(f)
	require.Equal(t, 2, unwound)
	require.Equal(t, 1, c.cancels)
}

func TestCancel_passesOnThePanicOfADeferredFunction(t *testing.T) {
	f := coroutine.New(func(co *coroutine.Coroutine) int {
		defer func() { panic("the deferred function's") }()
		return coroutine.Await(co, new(cell))
	})
	require.False(t, ready(f, new(waker)))
	require.PanicsWithValue(t, "the deferred function's", func() { future.Cancel(f) })
}

func TestCancel_isNotUndoneByRecover(t *testing.T) {
	late := new(cell)
	awaited := false
	f := coroutine.New(func(co *coroutine.Coroutine) int {
		func() {
			defer func() { require.ErrorContains(t, recover().(error), "cancelled") }()
			coroutine.Await(co, new(cell))
		}()
		coroutine.Await(co, late)
		awaited = true
		return 1
	})
	require.False(t, ready(f, new(waker)))
	future.Cancel(f)
	require.False(t, awaited)
	require.Zero(t, late.polls, "nothing is polled after Cancel")
	require.Equal(t, 1, late.cancels)
}

func TestAwait_outsideOfItsBodyPanics(t *testing.T) {
	const sentence = "coroutine: Await was called outside of the body that owns this Coroutine"
	var leaked *coroutine.Coroutine
	f := coroutine.New(func(outer *coroutine.Coroutine) int {
		leaked = outer
		return coroutine.Await(outer, coroutine.New(func(*coroutine.Coroutine) int {
			return coroutine.Await(outer, new(cell)) // should be the inner one
		}))
	})
	require.PanicsWithValue(t, sentence, func() { ready(f, new(waker)) })
	require.PanicsWithValue(t, sentence, func() { coroutine.Await(leaked, new(cell)) })
}

func TestPoll_allocatesNothing(t *testing.T) {
	f := coroutine.New(func(co *coroutine.Coroutine) int { return coroutine.Await(co, new(cell)) })
	cx := future.NewContext(new(waker))
	f.Poll(cx)
	require.Zero(t, testing.AllocsPerRun(100, func() { f.Poll(cx) }))
	future.Cancel(f)
}

// ready polls f, and reports whether it is.
func ready[T any](f future.Future[T], w future.Waker) bool {
	_, isReady := f.Poll(future.NewContext(w))
	return isReady
}

// A cell is ready when it was set.
type cell struct {
	value, polls, cancels int
	isSet                 bool
	panics                any
	waker                 future.Waker
}

func (c *cell) Poll(cx *future.Context) (int, bool) {
	if c.polls++; c.panics != nil {
		panic(c.panics)
	}
	c.waker = cx.Waker()
	return c.value, c.isSet
}

func (c *cell) Cancel() { c.cancels++ }

func (c *cell) set(value int) {
	c.value, c.isSet = value, true
	c.waker.Wake()
}

// yield returns a Future that is pending once, and then 1.
func yield() future.Future[int] {
	polled := false
	return future.Func[int](func(cx *future.Context) (int, bool) {
		if !polled {
			polled = true
			cx.Waker().Wake()
			return 0, false
		}
		return 1, true
	})
}

// A waker counts.
type waker struct{ wakes int }

func (w *waker) Wake() { w.wakes++ }
