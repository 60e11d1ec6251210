package main

import (
	"sync"
	"time"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/timer"
)

const (
	neighbours = 10
	interval   = time.Millisecond
)

// The ways to compute beside others. The first is wrong.
var ways = []struct {
	name string
	run  func(*job)
}{
	{"in one Poll", func(j *job) {
		besideTasks(j, func(rt *executor.Runtime) { executor.Spawn(rt, inOnePoll(j)).Wait() })
	}},
	{"in many Polls, as the budget allows", func(j *job) {
		besideTasks(j, func(rt *executor.Runtime) { executor.Spawn(rt, byBudget(j)).Wait() })
	}},
	{"on a goroutine, by SpawnBlocking", func(j *job) {
		besideTasks(j, func(rt *executor.Runtime) { executor.Spawn(rt, elsewhere(rt, j)).Wait() })
	}},
	{"on a goroutine, beside goroutines", besideGoroutines},
}

// inOnePoll holds the worker from the first slice to the last. Nobody can take it away: an
// executor gets the worker back when Poll returns, and not before.
func inOnePoll(j *job) future.Future[struct{}] {
	return future.Func[struct{}](func(*future.Context) (_ struct{}, ready bool) {
		for j.compute() {
		}
		return struct{}{}, true
	})
}

// byBudget returns when the task has spent its budget, and goes on when the others have had
// their turn. A slice has to be short: 128 of them are a Poll, and a worker that always has
// something to poll looks at the clock, and at the network, every 61 Polls. That makes 8 ms here.
func byBudget(j *job) future.Future[struct{}] {
	return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		for cx.Spend() {
			if !j.compute() {
				return struct{}{}, true
			}
		}
		return // Spend has woken the task already
	})
}

// elsewhere hands the work to a goroutine, and awaits its handle as one awaits anything. Go
// preempts a goroutine after 10 ms, if others want its processor.
func elsewhere(rt *executor.Runtime, j *job) future.Future[future.Result[struct{}]] {
	return executor.SpawnBlocking(rt, func() (none struct{}) {
		for j.compute() {
		}
		return none
	})
}

// besideTasks computes while tasks want their turns, on a runtime of one worker.
func besideTasks(j *job, compute func(rt *executor.Runtime)) {
	rt := executor.New(executor.Config{})
	defer rt.Shutdown()
	var handles []*executor.JoinHandle[struct{}]
	for range neighbours {
		due := time.Now().Add(interval)
		handles = append(handles, executor.Spawn(rt, &neighbour{job: j, due: due, sleep: rt.Timers().SleepUntil(due)}))
	}
	compute(rt)
	for _, handle := range handles {
		handle.Wait()
	}
}

// A neighbour has a turn each interval, until the job is over.
type neighbour struct {
	job   *job
	due   time.Time
	sleep *timer.Sleep
}

// Poll waits, has its turn, and waits again.
func (n *neighbour) Poll(cx *future.Context) (_ struct{}, ready bool) {
	for {
		if _, ready := n.sleep.Poll(cx); !ready {
			return struct{}{}, false
		}
		if last := n.job.turn(n.due); last {
			return struct{}{}, true
		}
		n.due = time.Now().Add(interval)
		n.sleep.Reset(n.due)
	}
}

// Cancel gives the timer back.
func (n *neighbour) Cancel() { n.sleep.Cancel() }

// besideGoroutines is the same without a runtime of our own.
func besideGoroutines(j *job) {
	var done sync.WaitGroup
	for range neighbours {
		done.Go(func() {
			for last := false; !last; {
				due := time.Now().Add(interval)
				time.Sleep(interval)
				last = j.turn(due)
			}
		})
	}
	computed := make(chan struct{})
	go func() {
		defer close(computed)
		for j.compute() {
		}
	}()
	<-computed
	done.Wait()
}
