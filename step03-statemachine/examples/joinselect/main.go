// Command joinselect puts Futures together: Join, Select, Timeout, and a Set of many.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step03-statemachine/examples/joinselect", flag.ContinueOnError),
		"Puts Futures together, and shows when each is polled and cancelled.\n"+
			"Read beside it: step03-statemachine/future/join.go, select.go, timeout.go and set.go.")
	show(os.Stdout)
}

// A noted is a Future of its own name, after a while. It tells when it is polled and when it is
// cancelled.
type noted struct {
	w     io.Writer
	name  string
	clock future.Future[struct{}]
}

func (n *noted) Poll(cx *future.Context) (name string, ready bool) {
	_, ready = n.clock.Poll(cx)
	fmt.Fprintf(n.w, "      %s is polled: ready %v\n", n.name, ready)
	if ready {
		name = n.name
	}
	return name, ready
}

func (n *noted) Cancel() {
	fmt.Fprintf(n.w, "      %s is cancelled\n", n.name)
	future.Cancel(n.clock)
}

func show(w io.Writer) {
	after := func(manual *executor.Manual, name string, d time.Duration) future.Future[string] {
		return &noted{w: w, name: name, clock: manual.Sleep(d)}
	}

	fmt.Fprintln(w, "1. Join of a (1 s) and b (2 s): both values. a is not polled again when it is ready.")
	run(w, func(m *executor.Manual) future.Future[future.Pair[string, string]] {
		return future.Join(after(m, "a", 1*time.Second), after(m, "b", 2*time.Second))
	})

	fmt.Fprintln(w, "2. Select of a (1 s) and b (2 s): the first value. The loser is cancelled, its timer is gone.")
	run(w, func(m *executor.Manual) future.Future[future.Either[string, string]] {
		return future.SelectBiased(after(m, "a", 1*time.Second), after(m, "b", 2*time.Second))
	})

	fmt.Fprintln(w, "3. Timeout of 1 s for b, which takes 2 s.")
	run(w, func(m *executor.Manual) future.Future[future.Result[string]] {
		return future.Timeout(after(m, "b", 2*time.Second), m.Sleep(1*time.Second))
	})

	fmt.Fprintln(w, "4. Timeout of 1 s for a, which takes 1 s as well: a value that is there beats the clock.")
	run(w, func(m *executor.Manual) future.Future[future.Result[string]] {
		return future.Timeout(after(m, "a", 1*time.Second), m.Sleep(1*time.Second))
	})

	fmt.Fprintln(w, "5. A Set of a (1 s), b (2 s) and c (1 s). Only who was woken is polled.")
	run(w, func(m *executor.Manual) future.Future[[]string] {
		set := new(future.Set[string])
		set.Add(after(m, "a", 1*time.Second))
		set.Add(after(m, "b", 2*time.Second))
		set.Add(after(m, "c", 1*time.Second))
		var values []string
		return future.Func[[]string](func(cx *future.Context) ([]string, bool) {
			for {
				value, some, ready := set.PollNext(cx)
				switch {
				case !ready:
					return nil, false
				case !some:
					return values, true
				}
				values = append(values, value)
			}
		})
	})
}

// run polls the Future that newFuture makes until it is ready, and turns the clock by a second each
// time that it waits.
func run[T any](w io.Writer, newFuture func(*executor.Manual) future.Future[T]) {
	manual := executor.NewManual(nil)
	task := executor.Spawn(manual, newFuture(manual))
	manual.RunUntilStalled()
	for !task.Done() {
		manual.Advance(time.Second)
		fmt.Fprintf(w, "   %v:\n", manual.Now().Sub(time.Unix(0, 0)))
		manual.RunUntilStalled()
	}
	value, _ := task.Wait()
	fmt.Fprintf(w, "   value: %+v; timers left: %d\n", value, manual.Timers().Len())
}
