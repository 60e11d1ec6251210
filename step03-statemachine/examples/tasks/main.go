// Command tasks shows a run queue at work: who is in it, when, and how often.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/tasks", flag.ContinueOnError),
		"Shows the run queue of an executor while tasks yield, are woken, aborted, and panic.\n"+
			"Read beside it: step03-statemachine/executor/state.go and task.go.")
	show(os.Stdout)
}

// A counter is a Future that counts to an end, one for each poll, and lets the others go first in
// between.
func counter(end int) future.Future[int] {
	n := 0
	return future.Func[int](func(cx *future.Context) (int, bool) {
		if n++; n == end {
			return n, true
		}
		cx.Waker().Wake() // during the poll: it is queued again after it, at the back
		return 0, false
	})
}

// A sleeper waits for a wake that may never come, and can be asked for its waker.
type sleeper struct {
	waker future.Waker
	polls int
}

func (s *sleeper) Poll(cx *future.Context) (_ int, ready bool) {
	s.waker = cx.Waker()
	s.polls++
	return
}

func show(w io.Writer) {
	manual := executor.NewManual(nil)
	names := make(map[trace.TaskID]string)
	queue := func() string {
		var queued []string
		for _, id := range manual.Queue() {
			queued = append(queued, names[id])
		}
		return "[" + strings.Join(queued, " ") + "]"
	}
	spawn := func(name string, f future.Future[int]) *executor.JoinHandle[int] {
		task := executor.Spawn(manual, f)
		names[task.ID()] = name
		return task
	}
	run := func() {
		for len(manual.Queue()) > 0 {
			before := queue()
			manual.RunOne(0)
			fmt.Fprintf(w, "   queue %-10s  polls the first; then %s\n", before, queue())
		}
	}
	result := func(task *executor.JoinHandle[int]) {
		value, err := task.Wait()
		fmt.Fprintf(w, "   %s: %d, %v\n", names[task.ID()], value, err)
	}

	fmt.Fprintln(w, "1. Three tasks that yield take turns: first in, first out.")
	a, b, c := spawn("a", counter(3)), spawn("b", counter(1)), spawn("c", counter(2))
	run()
	result(a)
	result(b)
	result(c)

	fmt.Fprintln(w, "2. A task that waits is in no queue. Woken a thousand times, it is there once.")
	s := new(sleeper)
	d := spawn("d", s)
	run()
	for range 1000 {
		s.waker.Wake()
	}
	run()
	fmt.Fprintf(w, "   polls of d: %d, one for Spawn and one for all the wakes\n", s.polls)

	fmt.Fprintln(w, "3. To abort it is to queue it: a worker cancels it, nobody polls it again.")
	d.Abort()
	run()
	result(d)
	s.waker.Wake()
	fmt.Fprintf(w, "   woken after its end: queue %s\n", queue())

	fmt.Fprintln(w, "4. A panic ends one task, and is the result for who waits for that one: g.")
	e := spawn("e", future.Func[int](func(*future.Context) (int, bool) { panic("oh") }))
	f := spawn("f", counter(1))
	spawn("g", future.Map(e, func(r future.Result[int]) int {
		fmt.Fprintf(w, "   e: %d, %v\n", r.Value, r.Err)
		return 0
	}))
	manual.RunTask(manual.Queue()[2]) // g first, so that it waits already when e panics
	run()
	result(f)
}
