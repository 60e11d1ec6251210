// Command workers runs the same tasks on one worker and on several, and counts who polls how often.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/examples/workers", flag.ContinueOnError)
	workers := flags.Int("workers", 4, "`number` of workers, 2 to 64, to compare with one")
	program.Parse(flags, "Runs tasks on one worker and on several.\nRead beside it: step03-statemachine/executor/worker.go and idle.go.")
	if *workers < 2 || *workers > 64 {
		program.Fail(flags, errors.New("-workers must be 2 to 64"))
	}
	show(os.Stdout, *workers)
}

const (
	tasks = 200
	turns = 10 // polls of each task
)

func show(w io.Writer, workers int) {
	for _, n := range []int{1, workers} {
		polls := share(n)
		total := 0
		for _, p := range polls {
			total += p
		}
		fmt.Fprintf(w, "%d tasks, each polled %d times, on %d worker(s): %d polls\n", tasks, turns, n, total)
		for worker, p := range polls {
			fmt.Fprintf(w, "   worker %d: %d\n", worker, p)
		}
	}
	fmt.Fprintf(w, "One task blocks its worker until all others are done. With %d workers, they are: %v\n", workers, pastABlockedWorker(workers))
	fmt.Fprintln(w, "With one worker, nobody would ever come past it.")
}

// share runs the tasks, and returns how many polls each worker has done.
func share(workers int) (polls []int) {
	counts := make([]atomic.Int64, workers)
	events := trace.New(1)
	events.OnEvent = func(e trace.Event) {
		if e.Kind == trace.PollStart {
			counts[e.Worker].Add(1)
		}
	}
	rt := executor.New(executor.Config{Workers: workers, Trace: events})
	defer rt.Shutdown()
	wait(spawnAll(rt))
	for i := range counts {
		polls = append(polls, int(counts[i].Load()))
	}
	return polls
}

func spawnAll(rt *executor.Runtime) (handles []*executor.JoinHandle[struct{}]) {
	for range tasks {
		left := turns
		handles = append(handles, executor.Spawn(rt, future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
			if left--; left == 0 {
				return struct{}{}, true
			}
			cx.Waker().Wake() // once more, behind the others
			return
		})))
	}
	return handles
}

func wait(handles []*executor.JoinHandle[struct{}]) {
	for _, h := range handles {
		h.Wait()
	}
}

// pastABlockedWorker blocks one worker, and returns true when all other tasks are done all the
// same: what the blocked worker had taken to poll next was stolen.
func pastABlockedWorker(workers int) bool {
	rt := executor.New(executor.Config{Workers: workers})
	defer rt.Shutdown()
	blocked, done := make(chan struct{}), make(chan struct{})
	bad := executor.Spawn(rt, future.Func[struct{}](func(*future.Context) (struct{}, bool) {
		close(blocked)
		<-done // in a Poll: never do this
		return struct{}{}, true
	}))
	<-blocked
	wait(spawnAll(rt))
	close(done)
	_, err := bad.Wait()
	return err == nil
}
