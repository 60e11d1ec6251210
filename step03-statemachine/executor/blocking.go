package executor

import (
	"sync"

	"example.com/async/step03-statemachine/future"
)

// SpawnBlocking makes a task of a function that blocks, or that computes for long. In a poll it would
// hold a worker and all that wait for it; here it runs on a goroutine of its own, of which a runtime has
// blockingMax at most. It mirrors tokio::task::spawn_blocking.
//
// Prefer it to a go statement in a poll also because it wakes Go's watchdog: on a runtime with package reactor that
// may be asleep, and nobody would interrupt a function that computes, see watchdog_linux.go.
//
// A function that was not begun is forgotten when the task is aborted or the runtime shuts down. One that
// runs cannot be stopped: its value is lost then, and Shutdown waits for its end.
func SpawnBlocking[T any](rt *Runtime, f func() T) *JoinHandle[T] {
	return Spawn(rt, &blockingCall[T]{pool: &rt.blocking, f: f})
}

// blockingMax is how many functions of SpawnBlocking run at a time. Each may keep a thread of the
// operating system busy.
const blockingMax = 256

// A blockingCall is a Future of what f returns. Its first poll hands it to the pool.
type blockingCall[T any] struct {
	pool      *blockingPool
	submitted bool

	mu    sync.Mutex
	f     func() T // nil once it was begun, or cancelled
	waker future.Waker
	value T
	err   error // f has panicked, or called Goexit
	done  bool
}

// Poll is ready when f has returned. It panics with f's panic.
func (c *blockingCall[T]) Poll(cx *future.Context) (value T, ready bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		if c.err != nil {
			panic(c.err) // panicError knows these errors, and passes them on as they are
		}
		return c.value, true
	}
	c.waker = cx.Waker()
	if !c.submitted {
		c.submitted = true
		c.pool.submit(c.call)
	}
	return
}

// Cancel forgets the function, or its value.
func (c *blockingCall[T]) Cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.f, c.waker = nil, nil
}

// call runs f, on a goroutine of the pool.
func (c *blockingCall[T]) call() {
	c.mu.Lock()
	f := c.f
	c.f = nil
	c.mu.Unlock()
	if f == nil {
		return // cancelled before it was its turn
	}
	var value T
	err := ErrGoexit // if f neither returns nor panics
	defer func() {
		if panicked := recover(); panicked != nil {
			err = panicError(panicked)
		}
		c.mu.Lock()
		c.value, c.err, c.done = value, err, true
		waker := c.waker
		c.mu.Unlock()
		wake(waker)
	}()
	value = f()
	err = nil
}

// A blockingPool runs functions, each on a goroutine of its own, which ends with it.
type blockingPool struct {
	running sync.WaitGroup // one for each goroutine

	mu      sync.Mutex
	n       int      // functions that run
	waiting []func() // the others, in the order in which they came
}

// submit runs f: now, or when one of blockingMax others has ended.
func (p *blockingPool) submit(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.n == blockingMax {
		p.waiting = append(p.waiting, f)
		return
	}
	p.n++
	p.start(f)
}

func (p *blockingPool) start(f func()) {
	p.running.Go(func() {
		defer p.ended() // also if f calls Goexit
		wakeWatchdog()
		f()
	})
}

// len returns how many functions run.
func (p *blockingPool) len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

// ended gives the place of a function that has ended to the next one.
func (p *blockingPool) ended() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.n--
		return
	}
	next := p.waiting[0]
	p.waiting[0] = nil
	p.waiting = p.waiting[1:]
	p.start(next)
}
