package httpfuture

import (
	"sync"
	"time"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// An aside is a Future of what a function returns that runs on a goroutine of its own. It
// is for functions that may block for hours, because they wait for a client or for an event:
// a few hundred of them would fill the pool of [executor.SpawnBlocking], and whoever
// wants to read a file would wait for them all.
//
// The goroutine ends with the function. Whoever has started it polls to its end, or
// makes the function end in another way: it can't be cancelled. [Server.Serve] waits for
// those that are left when connections were cut.
type aside[T any] struct {
	mu     sync.Mutex
	over   bool
	result future.Result[T]
	waker  future.Waker
}

// startAside starts the goroutine, one of all. f must not panic.
func startAside[T any](all *asides, f func() T) *aside[T] {
	a := new(aside[T])
	all.add(1)
	go func() {
		defer all.add(-1)
		a.run(f)
	}()
	return a
}

// Poll is ready when the function has returned.
func (a *aside[T]) Poll(cx *future.Context) (result future.Result[T], ready bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waker = cx.Waker()
	return a.result, a.over
}

func (a *aside[T]) run(f func() T) {
	result := future.Result[T]{Err: executor.ErrGoexit} // unless f returns
	defer func() {
		a.mu.Lock()
		a.result, a.over = result, true
		waker := a.waker
		a.mu.Unlock()
		if waker != nil {
			waker.Wake()
		}
	}()
	result = future.Result[T]{Value: f()}
}

// asides counts the goroutines of one server. The zero value is ready to use.
type asides struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when none is left; nil: nobody waits for that
}

func (a *asides) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.n += n; a.n == 0 && a.none != nil {
		close(a.none)
		a.none = nil
	}
}

// leftAfter waits until all have ended, for limit at most, and returns how many have not.
func (a *asides) leftAfter(limit time.Duration) int {
	none := make(chan struct{})
	a.mu.Lock()
	if a.n == 0 {
		a.mu.Unlock()
		return 0
	}
	a.none = none
	a.mu.Unlock()

	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-none:
	case <-timer.C:
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}
