package future_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// A counter is a leaf that is never ready, and does as little as a leaf can do.
type counter struct {
	polls int
	waker future.Waker
}

func (c *counter) Poll(cx *future.Context) (value int, ready bool) {
	c.polls++
	c.waker = cx.Waker()
	return
}

func layers(n int) future.Future[int] {
	var f future.Future[int] = new(counter)
	for range n {
		f = future.Map(f, func(v int) int { return v })
	}
	return f
}

// nestings are Futures to poll again and again: what waits in a task.
func nestings() map[string]future.Future[struct{}] {
	drop := func(f future.Future[int]) future.Future[struct{}] {
		return future.Map(f, func(int) struct{} { return struct{}{} })
	}
	return map[string]future.Future[struct{}]{
		"Map":    drop(new(counter)),
		"Then":   future.Then(new(counter), func(int) future.Future[struct{}] { return future.Yield() }),
		"Join":   future.Map(future.Join(new(counter), new(counter)), func(future.Pair[int, int]) struct{} { return struct{}{} }),
		"Select": future.Map(future.Select(new(counter), new(counter)), func(future.Either[int, int]) struct{} { return struct{}{} }),
		"Timeout": future.Map(future.Timeout(new(counter), new(counter)), func(future.Result[int]) struct{} {
			return struct{}{}
		}),
		"DelayHello": future.NewDelayHello(drop(new(counter)), func(string) {}),
	}
}

func TestPoll_allocatesNothing(t *testing.T) {
	cx := future.NewContext(new(futuretest.Waker))
	for name, f := range nestings() {
		require.Zero(t, testing.AllocsPerRun(100, func() { f.Poll(cx) }), name)
	}
	set, leaves := setOf(100)
	set.PollNext(cx)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		leaves[7].waker.Wake()
		leaves[42].waker.Wake()
		set.PollNext(cx)
	}), "Set, with two members woken")
}

func setOf(n int) (*future.Set[int], []*counter) {
	set, leaves := new(future.Set[int]), make([]*counter, n)
	for i := range leaves {
		leaves[i] = new(counter)
		set.Add(leaves[i])
	}
	return set, leaves
}

// One poll that comes back pending, through n layers of Map; 0 is the bare call through an
// interface.
func BenchmarkPoll_layers(b *testing.B) {
	for _, n := range []int{0, 1, 4, 16, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, cx := layers(n), future.NewContext(new(futuretest.Waker))
			b.ReportAllocs()
			for b.Loop() {
				f.Poll(cx)
			}
		})
	}
}

// One poll of two leaves that come back pending.
func BenchmarkPoll_two(b *testing.B) {
	cx := future.NewContext(new(futuretest.Waker))
	b.Run("Join", func(b *testing.B) { benchmarkPoll(b, cx, future.Join(new(counter), new(counter))) })
	b.Run("Select", func(b *testing.B) { benchmarkPoll(b, cx, future.Select(new(counter), new(counter))) })
	b.Run("SelectBiased", func(b *testing.B) { benchmarkPoll(b, cx, future.SelectBiased(new(counter), new(counter))) })
	b.Run("Timeout", func(b *testing.B) { benchmarkPoll(b, cx, future.Timeout(new(counter), new(counter))) })
}

func benchmarkPoll[T any](b *testing.B, cx *future.Context, f future.Future[T]) {
	b.ReportAllocs()
	for b.Loop() {
		f.Poll(cx)
	}
}

// Make a Join of two Futures that are ready, and poll it once.
func BenchmarkJoin_whole(b *testing.B) {
	cx := future.NewContext(new(futuretest.Waker))
	b.ReportAllocs()
	for b.Loop() {
		future.Join(future.Ready(1), future.Ready(2)).Poll(cx)
	}
}

// One of n members is woken, and the Set is polled; beside it, the same in a slice that is polled
// from end to end.
func BenchmarkSet_oneWoken(b *testing.B) {
	for _, n := range []int{10, 1000} {
		set, leaves := setOf(n)
		cx := future.NewContext(new(futuretest.Waker))
		set.PollNext(cx)
		b.Run(fmt.Sprintf("%d/Set", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				leaves[n/2].waker.Wake()
				set.PollNext(cx)
			}
		})
		b.Run(fmt.Sprintf("%d/polling all", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, leaf := range leaves {
					future.Future[int](leaf).Poll(cx)
				}
			}
		})
	}
}

// Add a member that is ready, and take its value: a Set's cost for each connection that
// comes and goes.
func BenchmarkSet_addAndTake(b *testing.B) {
	set, _ := setOf(1000)
	cx := future.NewContext(new(futuretest.Waker))
	set.PollNext(cx)
	b.ReportAllocs()
	for b.Loop() {
		set.Add(future.Ready(1))
		if _, some, _ := set.PollNext(cx); !some {
			b.Fatal("the new member is ready")
		}
	}
}
