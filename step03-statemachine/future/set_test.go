package future_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// A lost wake leaves this test waiting for ever.
func TestSet_losesNoWakeThatComesFromAnotherGoroutine(t *testing.T) {
	const rounds, n = 200, 20
	for range rounds {
		set := new(future.Set[int])
		triggers := make([]futuretest.Trigger, n)
		values := make([]int, n) // written before Fire, so to be seen after the wake
		for i := range triggers {
			set.Add(future.Map(&triggers[i], func(struct{}) int { return values[i] }))
		}
		var firing sync.WaitGroup
		for half := range 2 {
			firing.Go(func() {
				for i := half; i < n; i += 2 {
					values[i] = i
					triggers[i].Fire()
					triggers[i].Fire()
				}
			})
		}
		sum := 0
		w := make(channelWaker, 1)
		cx := future.NewContext(&w)
		for set.Len() > 0 {
			value, some, ready := set.PollNext(cx)
			if !ready {
				<-w
				continue
			}
			require.True(t, some)
			sum += value
		}
		require.Equal(t, n*(n-1)/2, sum)
		firing.Wait()
	}
}

// A channelWaker is a parker with a token: a wake before the wait is kept.
type channelWaker chan struct{}

func (w *channelWaker) Wake() {
	select {
	case *w <- struct{}{}:
	default:
	}
}

func TestSet_canBeUsedAgainAfterCancel(t *testing.T) {
	set, w := new(future.Set[int]), new(futuretest.Waker)
	set.Add(future.Never[int]())
	set.Cancel()
	set.Add(future.Ready(7))
	value, some, ready := set.PollNext(future.NewContext(w))
	require.True(t, some && ready)
	require.Equal(t, 7, value)
}

// A member may add another one: a connection that is accepted, say.
func TestSet_growsWhileItIsPolled(t *testing.T) {
	set, w := new(future.Set[int]), new(futuretest.Waker)
	set.Add(future.Func[int](func(*future.Context) (int, bool) {
		set.Add(future.Ready(2))
		return 1, true
	}))
	for _, want := range []int{1, 2} {
		value, some, ready := set.PollNext(future.NewContext(w))
		require.True(t, some && ready)
		require.Equal(t, want, value)
	}
}

func TestSet_givesTheContextItsWakerBack(t *testing.T) {
	set, w := new(future.Set[int]), new(futuretest.Waker)
	set.Add(future.Ready(1))
	cx := future.NewContext(w)
	set.PollNext(cx)
	require.Same(t, w, cx.Waker())
}

func TestSet_isNotWokenByAMemberThatHasLeft(t *testing.T) {
	set, w := new(future.Set[int]), new(futuretest.Waker)
	first := futuretest.NewProbe[int](t, "first")
	set.Add(first)
	set.Add(future.Never[int]())
	set.PollNext(future.NewContext(w))
	first.Complete(1)
	_, some, _ := set.PollNext(future.NewContext(w))
	require.True(t, some)
	before := w.Wakes()
	first.Wake()
	require.Equal(t, before, w.Wakes(), "there is nothing to poll for")
}

// Who wakes holds no lock: a waker may do what it likes, and wake another member of the
// same Set, say.
func TestSet_wakesItsOwnerWithoutALock(t *testing.T) {
	set := new(future.Set[int])
	first, second := futuretest.NewProbe[int](t, "first"), futuretest.NewProbe[int](t, "second")
	set.Add(first)
	set.Add(second)
	w := &passOn{second}
	set.PollNext(future.NewContext(w))
	first.Complete(1)
	value, some, _ := set.PollNext(future.NewContext(w))
	require.True(t, some)
	require.Equal(t, 1, value)
	set.PollNext(future.NewContext(w))
	require.Equal(t, 2, second.Polls())
}

// A passOn is a waker that wakes a Probe's.
type passOn struct{ to *futuretest.Probe[int] }

func (w *passOn) Wake() { w.to.Wake() }
