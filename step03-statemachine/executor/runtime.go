package executor

import (
	"cmp"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"example.com/async/step03-statemachine/timer"
	"example.com/async/step03-statemachine/trace"
)

// A Config says how a Runtime works. The zero Config is a good one.
type Config struct {
	// Workers is how many goroutines poll. 0 means 1: then everything runs on one goroutine, and tasks
	// need no locks between them.
	Workers int

	// Budget is how many operations a task may do in one poll before it has to let others go
	// first, see [future.Context.Spend]. 0 means 128.
	Budget int

	// Driver is where a worker sleeps, and what brings the wakes of the network. The
	// Runtime owns it, and Shutdown closes it. nil means [NewParker].
	Driver Driver

	// Trace records what happens. nil records nothing. With a trace, each wake takes some
	// microseconds more, to find out who it came from.
	Trace *trace.Trace

	// Logger receives the panic of a task that nobody was waiting for when it happened, and an error of the driver's
	// Close. nil means [slog.Default].
	Logger *slog.Logger
}

const defaultBudget = 128 // as in tokio

// A Runtime polls tasks on one or more workers. It mirrors tokio::runtime::Runtime. [Spawn] gives it a
// task; its methods may be called from any goroutine.
type Runtime struct {
	home
	workers  []*worker
	driver   Driver
	timers   *timer.Timers
	blocking blockingPool

	mu    sync.Mutex // never held while anything is polled, woken or waited for
	queue list       // the common queue: of all tasks that were woken, wherever that was
	idlers

	stopping atomic.Bool
	working  sync.WaitGroup // one for each worker
	stopped  chan struct{}  // closed at the end of Shutdown
}

// New starts a Runtime, which works until Shutdown.
func New(c Config) *Runtime {
	rt := &Runtime{
		home:    home{trace: c.Trace, logger: c.Logger, mayWait: mustNotBeWorker},
		driver:  c.Driver,
		stopped: make(chan struct{}),
	}
	if rt.driver == nil {
		rt.driver = NewParker()
	}
	rt.unpark = &unpark{rt.driver}
	rt.home.schedule = rt.push
	rt.timers = timer.New(time.Now, rt.earlier)
	budget := cmp.Or(c.Budget, defaultBudget)
	for i := range max(c.Workers, 1) {
		p := poller{home: &rt.home, worker: i, budget: budget}
		rt.workers = append(rt.workers, &worker{poller: p, rt: rt, token: newToken()})
	}
	// Only now: a worker steals from all others.
	for _, w := range rt.workers {
		rt.working.Add(1)
		go w.work()
	}
	return rt
}

func (rt *Runtime) base() *home { return &rt.home }

// Tasks returns how many tasks are not over.
func (rt *Runtime) Tasks() int { return rt.tasks() }

// Blocking returns how many functions of [SpawnBlocking] run: Shutdown would wait for them.
func (rt *Runtime) Blocking() int { return rt.blocking.len() }

// Timers returns the timers that the runtime's workers fire.
func (rt *Runtime) Timers() *timer.Timers { return rt.timers }

// Sleep returns a Future that is ready when d has passed from now on.
func (rt *Runtime) Sleep(d time.Duration) *timer.Sleep { return rt.timers.Sleep(d) }

// Shutdown ends the runtime, and returns when nothing of it is left: no goroutine, no task, and the
// driver is closed. It waits for polls and for functions of [SpawnBlocking] that run. Each
// task that is not over then is cancelled, without another poll, and results in ErrCancelled. A wake
// that comes later does nothing, and a task that is spawned later is cancelled at once.
//
// The Futures are cancelled on the goroutine that calls Shutdown. A second call waits for the first. A call from the
// poll of a task would wait for that poll: it panics.
func (rt *Runtime) Shutdown() {
	if onWorker() {
		panic("executor: Shutdown in the poll of a task would wait for that poll: call it on a goroutine that is not a worker's")
	}
	if !rt.home.close() {
		<-rt.stopped
		return
	}
	defer close(rt.stopped)

	rt.stopping.Store(true)
	rt.driver.Unpark()
	for _, w := range rt.workers {
		w.token.Wake()
	}
	rt.working.Wait()

	// Nobody polls any more. What is left waits, or is in a queue that nobody will look at.
	// The rest is deferred: a Cancel may call Goexit.
	defer rt.closeDriver()
	defer rt.blocking.running.Wait()
	rt.killAll()
}

func (rt *Runtime) closeDriver() {
	if err := rt.driver.Close(); err != nil {
		rt.log().Error("executor: cannot close the driver", "err", err)
	}
}
