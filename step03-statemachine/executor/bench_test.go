package executor_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// Each operation stands beside what a goroutine pays for the like, in one run: the ratio is what to look at.

var workerCounts = []int{1, 2}

func onRuntimes(b *testing.B, bench func(b *testing.B, rt *executor.Runtime)) {
	for _, workers := range workerCounts {
		b.Run(fmt.Sprintf("tasks, %d worker(s)", workers), func(b *testing.B) {
			rt := executor.New(executor.Config{Workers: workers})
			defer rt.Shutdown()
			b.ReportAllocs()
			bench(b, rt)
		})
	}
}

// A yields Future wakes itself and returns pending, n times.
type yields struct{ n int }

func (y *yields) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if y.n == 0 {
		return struct{}{}, true
	}
	y.n--
	cx.Waker().Wake()
	return
}

// One task, or goroutine, gives way to nobody else.
func BenchmarkYield(b *testing.B) {
	b.Run("goroutine", func(b *testing.B) {
		for range b.N {
			runtime.Gosched()
		}
	})
	onRuntimes(b, func(b *testing.B, rt *executor.Runtime) {
		executor.Spawn(rt, &yields{b.N}).Wait()
	})
}

// A thousand take turns.
func BenchmarkYieldAmongThousand(b *testing.B) {
	const n = 1000
	b.Run("goroutines", func(b *testing.B) {
		var all sync.WaitGroup
		for range n {
			all.Go(func() {
				for range b.N / n {
					runtime.Gosched()
				}
			})
		}
		all.Wait()
	})
	onRuntimes(b, func(b *testing.B, rt *executor.Runtime) {
		handles := make([]*executor.JoinHandle[struct{}], n)
		for i := range handles {
			handles[i] = executor.Spawn(rt, &yields{b.N / n})
		}
		for _, h := range handles {
			h.Wait()
		}
	})
}

// Each is started by somebody who then waits for it.
func BenchmarkSpawnAndJoin(b *testing.B) {
	b.Run("goroutine, WaitGroup", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			var one sync.WaitGroup
			one.Go(func() {})
			one.Wait()
		}
	})
	b.Run("goroutine, channel", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			done := make(chan int)
			go func() { done <- 1 }()
			<-done
		}
	})
	onRuntimes(b, func(b *testing.B, rt *executor.Runtime) {
		executor.Spawn(rt, &spawner{rt: rt, n: b.N}).Wait()
	})
}

// BenchmarkSpawnAndWait is the same from a goroutine outside of the runtime.
func BenchmarkSpawnAndWait(b *testing.B) {
	onRuntimes(b, func(b *testing.B, rt *executor.Runtime) {
		for range b.N {
			executor.Spawn(rt, &yields{0}).Wait()
		}
	})
}

// A spawner spawns n tasks that are ready at once, and joins each before the next.
type spawner struct {
	rt *executor.Runtime
	n  int
	h  *executor.JoinHandle[struct{}]
}

func (s *spawner) Poll(cx *future.Context) (_ struct{}, ready bool) {
	for {
		if s.h != nil {
			if _, ready := s.h.Poll(cx); !ready {
				return struct{}{}, false
			}
		}
		if s.n == 0 {
			return struct{}{}, true
		}
		s.n--
		s.h = executor.Spawn(s.rt, &yields{0})
	}
}

// A player waits until it is its turn, and then wakes the other one: there and back is one operation.
type player struct {
	court *court
	me    int
	n     int
}

type court struct {
	mu     sync.Mutex
	turn   int
	wakers [2]future.Waker
}

func (p *player) Poll(cx *future.Context) (_ struct{}, ready bool) {
	c := p.court
	c.mu.Lock()
	c.wakers[p.me] = cx.Waker()
	if c.turn != p.me {
		c.mu.Unlock()
		return
	}
	c.turn = 1 - p.me
	other := c.wakers[c.turn]
	p.n--
	c.mu.Unlock()
	if other != nil {
		other.Wake()
	}
	return struct{}{}, p.n == 0
}

func BenchmarkPingPong(b *testing.B) {
	b.Run("goroutines, channel", func(b *testing.B) {
		there, back := make(chan int), make(chan int)
		go func() {
			for n := range there {
				back <- n
			}
			close(back)
		}()
		for range b.N {
			there <- 1
			<-back
		}
		close(there)
		<-back
	})
	onRuntimes(b, func(b *testing.B, rt *executor.Runtime) {
		c := &court{}
		one := executor.Spawn(rt, &player{court: c, me: 0, n: b.N})
		two := executor.Spawn(rt, &player{court: c, me: 1, n: b.N})
		one.Wait()
		two.Wait()
	})
}

// A goroutine outside wakes a task and waits until it was polled.
func BenchmarkWakeFromOutside(b *testing.B) {
	onRuntimes(b, func(b *testing.B, rt *executor.Runtime) {
		polled := make(chan future.Waker, 1)
		h := executor.Spawn[struct{}](rt, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
			polled <- cx.Waker()
			return
		}))
		waker := <-polled
		b.ResetTimer()
		for range b.N {
			waker.Wake()
			<-polled
		}
		h.Detach()
	})
}

// What something costs that waits: a task, or a goroutine.
func BenchmarkMemoryOfWaiting(b *testing.B) {
	const n = 100_000
	inUse := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	b.Run("goroutine", func(b *testing.B) {
		for range b.N {
			before := inUse()
			end := make(chan struct{})
			var started, all sync.WaitGroup
			started.Add(n)
			for range n {
				all.Go(func() {
					started.Done()
					<-end
				})
			}
			started.Wait()
			b.ReportMetric(float64(inUse()-before)/n, "B/goroutine")
			close(end)
			all.Wait()
		}
	})
	b.Run("task", func(b *testing.B) {
		for range b.N {
			rt := executor.New(executor.Config{})
			before := inUse()
			polled := make(chan struct{}, n)
			for range n {
				executor.Spawn(rt, forever(func(*future.Context) { polled <- struct{}{} })).Detach()
			}
			for range n {
				<-polled
			}
			b.ReportMetric(float64(inUse()-before)/n, "B/task")
			rt.Shutdown()
		}
	})
}

// Tracing that is off should cost a branch that is predicted.
func BenchmarkYieldTraced(b *testing.B) {
	for name, tr := range map[string]*trace.Trace{"off": nil, "on": trace.New(1000)} {
		b.Run(name, func(b *testing.B) {
			rt := executor.New(executor.Config{Trace: tr})
			defer rt.Shutdown()
			executor.Spawn(rt, &yields{b.N}).Wait()
		})
	}
}
