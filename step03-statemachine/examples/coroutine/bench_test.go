package main

import (
	"runtime"
	"testing"

	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

// One step: to go on from where it waits to where it waits next, and back to the caller.
func BenchmarkStep(b *testing.B) {
	cx := future.NewContext(new(futuretest.Waker))
	b.Run("enum", func(b *testing.B) {
		var f future.Future[int] = new(counter)
		b.ReportAllocs()
		for b.Loop() {
			f.Poll(cx)
		}
	})
	b.Run("coroutine", func(b *testing.B) {
		f := coroutine.New(func(co *coroutine.Coroutine) (n int) { return coroutine.Await(co, future.Never[int]()) })
		b.ReportAllocs()
		for b.Loop() {
			f.Poll(cx)
		}
		future.Cancel(f)
	})
	b.Run("goroutine", func(b *testing.B) {
		wake, waits := make(chan struct{}), make(chan struct{})
		go func() {
			for range wake {
				waits <- struct{}{}
			}
			close(waits)
		}()
		b.ReportAllocs()
		for b.Loop() {
			wake <- struct{}{}
			<-waits
		}
		close(wake)
		<-waits
	})
}

// A counter is the smallest state machine that never ends.
type counter struct {
	odd bool
	n   int
}

func (c *counter) Poll(cx *future.Context) (n int, ready bool) {
	for {
		switch c.odd {
		case false:
			c.odd = true
		case true:
			c.odd = false
			c.n++
			return
		}
	}
}

// A whole life: it begins, waits, and ends.
func BenchmarkLife(b *testing.B) {
	say := func(string) {}
	for _, name := range []string{"enum", "coroutine"} {
		b.Run(name, func(b *testing.B) {
			cx := future.NewContext(new(futuretest.Waker))
			b.ReportAllocs()
			for b.Loop() {
				clock := new(futuretest.Trigger)
				f := polled[name](clock, say)
				f.Poll(cx)
				clock.Fire()
				f.Poll(cx)
			}
		})
	}
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			clock := make(chan struct{})
			done := helloGoroutine(clock, say)
			close(clock)
			<-done
		}
	})
}

// What one takes that waits: in B/waiting, the clock included; stacks are counted, too.
func BenchmarkWaiting(b *testing.B) {
	const many = 10_000
	say := func(string) {}
	for _, name := range []string{"enum", "coroutine"} {
		b.Run(name, func(b *testing.B) {
			cx := future.NewContext(new(futuretest.Waker))
			for b.Loop() {
				waiting := make([]future.Future[struct{}], many)
				before := memory()
				for i := range waiting {
					waiting[i] = polled[name](new(futuretest.Trigger), say)
					waiting[i].Poll(cx)
				}
				b.ReportMetric(float64(memory()-before)/many, "B/waiting")
				for _, f := range waiting {
					future.Cancel(f)
				}
			}
		})
	}
	b.Run("goroutine", func(b *testing.B) {
		for b.Loop() {
			said := make(chan struct{}, many)
			clocks := make([]chan struct{}, many)
			done := make([]<-chan struct{}, many)
			before := memory()
			for i := range clocks {
				clocks[i] = make(chan struct{})
				done[i] = helloGoroutine(clocks[i], func(string) {
					select {
					case said <- struct{}{}:
					default:
					}
				})
			}
			for range clocks {
				<-said
			}
			b.ReportMetric(float64(memory()-before)/many, "B/waiting")
			for i, clock := range clocks {
				close(clock)
				<-done[i]
			}
		}
	})
}

// memory returns how many bytes the heap and the stacks hold.
func memory() uint64 {
	runtime.GC()
	runtime.GC() // the first one may leave stacks to be freed
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
