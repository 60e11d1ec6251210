package future_test

import (
	"runtime"
	"strconv"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// Join, Select, Timeout and Set are judged by the suites of package futuretest. Here is the
// rest, and what the suites can't see.

func TestReady_givesItsValueOnce(t *testing.T) {
	f := future.Ready("now")
	value, ready := futuretest.Poll(f, nil)
	require.True(t, ready)
	require.Equal(t, "now", value)
	requireOver(t, f)
}

func TestNever_staysPendingAndWakesNobody(t *testing.T) {
	w := new(futuretest.Waker)
	for range 3 {
		_, ready := futuretest.Poll(future.Never[int](), w)
		require.False(t, ready)
	}
	require.Zero(t, w.Wakes())
}

func TestYield_isPendingOnceAndWakesItself(t *testing.T) {
	f, w := future.Yield(), new(futuretest.Waker)
	_, ready := futuretest.Poll(f, w)
	require.False(t, ready)
	require.Equal(t, 1, w.Wakes(), "nobody else would wake it")
	_, ready = futuretest.Poll(f, w)
	require.True(t, ready)
	requireOver(t, f)
}

func TestMap_callsItsFunctionOnce(t *testing.T) {
	child, w := futuretest.NewProbe[int](t, "the child"), new(futuretest.Waker)
	f := future.Map(futuretest.PollThree(child), strconv.Itoa)
	_, ready := futuretest.Poll(f, w)
	require.False(t, ready)
	child.Complete(42)
	require.Equal(t, 1, w.Wakes())
	value, ready := futuretest.Poll(f, w)
	require.True(t, ready)
	require.Equal(t, "42", value)
	requireOver(t, f)
}

func TestMap_cancelsItsChildWhileThatIsPending(t *testing.T) {
	child := futuretest.NewProbe[int](t, "the child")
	f := future.Map(child, strconv.Itoa)
	future.Cancel(f)
	require.Equal(t, 1, child.Cancels())
	requireOver(t, f)
}

// The executor cancels a Future that has panicked. The child was ready by then.
func TestMap_doesNotCancelAChildThatWasReadyWhenItsFunctionPanicked(t *testing.T) {
	child := futuretest.NewProbe[int](t, "the child")
	child.Complete(1)
	f := future.Map(child, func(int) int { panic("in the function") })
	require.PanicsWithValue(t, "in the function", func() { futuretest.Poll(f, nil) })
	future.Cancel(f)
	require.Zero(t, child.Cancels())
}

func TestThen_goesFromOneFutureToTheNextInOnePoll(t *testing.T) {
	first, second := futuretest.NewProbe[int](t, "first"), futuretest.NewProbe[string](t, "second")
	w := new(futuretest.Waker)
	made := 0
	f := future.Then(first, func(v int) future.Future[string] {
		require.Equal(t, 1, v)
		made++
		return second
	})
	_, ready := futuretest.Poll(f, w)
	require.False(t, ready)
	require.Zero(t, made, "the second comes when the first is ready")

	first.Complete(1)
	_, ready = futuretest.Poll(f, w)
	require.False(t, ready)
	require.Equal(t, 1, second.Polls(), "the second must be polled at once: nobody wakes one that has not begun")

	second.Wake()
	_, ready = futuretest.Poll(f, w)
	require.False(t, ready)
	second.Complete("two")
	value, ready := futuretest.Poll(f, w)
	require.True(t, ready)
	require.Equal(t, "two", value)
	require.Equal(t, 1, made)
	requireOver(t, f)
}

func TestThen_cancelsTheOneThatIsPending(t *testing.T) {
	first, second := futuretest.NewProbe[int](t, "first"), futuretest.NewProbe[int](t, "second")
	next := func(int) future.Future[int] { return second }
	f := future.Then(first, next)
	future.Cancel(f)
	require.Equal(t, 1, first.Cancels())
	requireOver(t, f)

	first = futuretest.NewProbe[int](t, "first")
	first.Complete(1)
	f = future.Then(first, next)
	futuretest.Poll(f, new(futuretest.Waker))
	future.Cancel(f)
	require.Equal(t, 1, second.Cancels())
	require.Zero(t, first.Cancels(), "it was ready")
	requireOver(t, f)
}

func TestThen_doesNotCancelTheFirstWhenItsFunctionPanicked(t *testing.T) {
	first := futuretest.NewProbe[int](t, "first")
	first.Complete(1)
	f := future.Then(first, func(int) future.Future[int] { panic("in the function") })
	require.PanicsWithValue(t, "in the function", func() { futuretest.Poll(f, nil) })
	future.Cancel(f)
	require.Zero(t, first.Cancels())
}

func TestTimeout_costsNothingOfTheBudget(t *testing.T) {
	f, clock := futuretest.NewProbe[int](t, "f"), futuretest.NewProbe[int](t, "the clock")
	f.OnPoll = func(cx *future.Context) { require.True(t, cx.Spend()) }
	clock.OnPoll = func(cx *future.Context) { require.True(t, cx.Spend()) }
	cx := future.NewContext(nil)
	cx.Renew(new(futuretest.Waker), 3)
	_, ready := future.Timeout(f, clock).Poll(cx)
	require.False(t, ready)
	left := 0
	for cx.Spend() {
		left++
	}
	require.Equal(t, 2, left, "f has spent one of 3, and the clock has no limit")
}

func TestSelect_ofAFuncLeavesTheLoserToItsOwner(t *testing.T) {
	kept := futuretest.NewProbe[int](t, "kept")
	for range 3 {
		_, ready := futuretest.Poll(future.Select(future.Ready(0), future.Func[int](kept.Poll)), new(futuretest.Waker))
		require.True(t, ready)
	}
	require.Zero(t, kept.Cancels())
	kept.Complete(1)
	futuretest.Poll(kept, nil)
}

func TestCancel_ofATreeReachesEachLeafOnce(t *testing.T) {
	var leaves []*futuretest.Probe[int]
	leaf := func() future.Future[int] {
		leaves = append(leaves, futuretest.NewProbe[int](t, "leaf "+strconv.Itoa(len(leaves))))
		return leaves[len(leaves)-1]
	}
	tree := future.Timeout(
		future.Join(
			future.Select(leaf(), leaf()),
			future.Map(future.Then(leaf(), func(int) future.Future[int] { return leaf() }), strconv.Itoa),
		),
		leaf(),
	)
	leaves[2].Complete(0) // so the leaf behind it takes its place
	w := new(futuretest.Waker)
	_, ready := futuretest.Poll(tree, w)
	require.False(t, ready)
	future.Cancel(tree)
	require.Len(t, leaves, 5)
	for i, leaf := range leaves {
		require.Equal(t, i != 2, leaf.Cancels() == 1, "leaf %d was cancelled %d times", i, leaf.Cancels())
	}
	requireOver(t, tree)
}

// What is over holds neither its children nor their buffers, though somebody still has a
// reference to it: the late waker of a timer, say.
func TestJoin_releasesAChildAsSoonAsItIsReady(t *testing.T) {
	child := &bigFuture{}
	released := weak.Make(child)
	j := future.Join(child, future.Never[int]())
	_, ready := futuretest.Poll(j, new(futuretest.Waker))
	require.False(t, ready)
	runtime.GC()
	require.Nil(t, released.Value(), "a is ready, and the Join that waits for b still holds it")
	runtime.KeepAlive(j)
}

func TestSet_releasesAMemberThoughItsWakerIsKept(t *testing.T) {
	child := &bigFuture{}
	released := weak.Make(child)
	set := new(future.Set[int])
	set.Add(child)
	var late future.Waker
	child.onPoll = func(cx *future.Context) { late = cx.Waker() }
	_, some, _ := set.PollNext(future.NewContext(new(futuretest.Waker)))
	require.True(t, some)
	runtime.GC()
	require.Nil(t, released.Value(), "the member is finished, and its waker still holds it")
	late.Wake()
	runtime.KeepAlive(set)
}

// A bigFuture is ready at once. It holds so much that the allocator does not put it into a
// block with others, which would keep it alive.
type bigFuture struct {
	_      [1 << 16]byte
	onPoll func(cx *future.Context)
}

func (f *bigFuture) Poll(cx *future.Context) (int, bool) {
	if f.onPoll != nil {
		f.onPoll(cx)
	}
	return 1, true
}

func requireOver[T any](t *testing.T, f future.Future[T]) {
	t.Helper()
	require.PanicsWithValue(t, future.PolledAfterReady, func() { futuretest.Poll(f, new(futuretest.Waker)) })
}
