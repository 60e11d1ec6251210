package asyncnet

import (
	"cmp"
	"sync"
	"time"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// A connSet holds the connections that are being served, and the accept loop
// that may wait for one of them to end.
type connSet struct {
	mu    sync.Mutex
	conns map[*served]struct{}
	loop  future.Waker // of the accept loop's last Poll
	full  bool         // the loop waits for room
	err   error        // why the loop has ended

	cutting bool // who is here has waited long enough
	cut     int  // connections whose Futures are to be cancelled for that

	loopEnded chan struct{} // closed when no connection is added any more
	empty     chan struct{} // closed when, on top of that, none is left
}

func newConnSet() *connSet {
	return &connSet{
		conns:     make(map[*served]struct{}),
		loopEnded: make(chan struct{}), empty: make(chan struct{}),
	}
}

// watch keeps the waker of the accept loop, and reports whether there is room for one more of at
// most limit connections (0: no limit). If not, the end of a connection calls the waker.
func (c *connSet) watch(loop future.Waker, limit int) (room bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loop = loop
	c.full = limit > 0 && len(c.conns) >= limit
	return !c.full
}

// add adds a connection. It reports false if none is added any more.
func (c *connSet) add(s *served) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if isClosed(c.loopEnded) {
		return false
	}
	c.conns[s] = struct{}{}
	return true
}

// setTask and setWaker are how a connection is reached from outside: to cut it, and to wake it.
func (c *connSet) setTask(s *served, task *executor.JoinHandle[struct{}]) {
	c.mu.Lock()
	s.task = task
	_, open := c.conns[s]
	tooLate := open && c.cutting // it was being made when abortAll came, which could not reach it
	if tooLate {
		c.cut++
	}
	c.mu.Unlock()
	if tooLate {
		task.Abort()
	}
}

func (c *connSet) setWaker(s *served, waker future.Waker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.waker = waker
}

func (c *connSet) remove(s *served) {
	c.mu.Lock()
	if _, ok := c.conns[s]; !ok {
		c.mu.Unlock()
		return
	}
	delete(c.conns, s)
	var loop future.Waker
	if c.full {
		c.full, loop = false, c.loop
	}
	if isClosed(c.loopEnded) && len(c.conns) == 0 {
		close(c.empty)
	}
	c.mu.Unlock()
	if loop != nil {
		loop.Wake()
	}
}

// wakeAll lets the accept loop and each connection's Future be polled, so that they see
// that the context has ended. One that has not been polled yet sees it by itself.
func (c *connSet) wakeAll() {
	c.mu.Lock()
	wakers := []future.Waker{c.loop}
	for s := range c.conns {
		wakers = append(wakers, s.waker)
	}
	c.mu.Unlock()
	for _, waker := range wakers {
		if waker != nil {
			waker.Wake()
		}
	}
}

// abortAll cancels the Futures of all connections, also of those that come yet.
func (c *connSet) abortAll() {
	c.mu.Lock()
	c.cutting = true
	var tasks []*executor.JoinHandle[struct{}]
	for s := range c.conns {
		if s.task != nil { // nil: the loop is just making it, see setTask
			tasks = append(tasks, s.task)
		}
	}
	c.cut = len(tasks)
	c.mu.Unlock()
	for _, task := range tasks {
		task.Abort()
	}
}

// cutSoFar returns how many connections abortAll has cut.
func (c *connSet) cutSoFar() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut
}

func (c *connSet) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.conns)
}

// loopHasEnded is called once, with the error of a listener that has failed.
func (c *connSet) loopHasEnded(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
	close(c.loopEnded)
	if len(c.conns) == 0 {
		close(c.empty)
	}
}

func (c *connSet) loopErr() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// emptyWithin waits until the loop has ended and no connection is left; false: it has waited long enough.
func (c *connSet) emptyWithin(limit time.Duration) bool {
	timer := time.NewTimer(limit) // fires at once if limit is negative
	defer timer.Stop()
	select {
	case <-c.empty:
		return true
	case <-timer.C:
		return false
	}
}

// defaultDrain and cutGrace are those of step 1: how long a stopping server waits, and how
// long a task that was cut gets to notice.
const (
	defaultDrain = 10 * time.Second
	cutGrace     = time.Second
)

// drain waits for the accept loop and the connections, cuts what lasts longer than DrainTimeout, and shuts
// the runtime down.
func (s *Server) drain(rt *executor.Runtime, open *connSet) error {
	deadline := time.Now().Add(cmp.Or(s.DrainTimeout, defaultDrain))
	ended := open.emptyWithin(time.Until(deadline))
	if !ended {
		open.abortAll()
		ended = open.emptyWithin(cutGrace)
	}
	// A poll that does not return holds a worker, and a function of SpawnBlocking its goroutine. Shutdown
	// waits for both, and Go has no way to end a goroutine from outside: so nobody waits for Shutdown for ever.
	down := make(chan struct{})
	go func() {
		defer close(down)
		rt.Shutdown()
	}()
	cut := open.cutSoFar()
	if !ended {
		return &tcp.CutError{Cut: cut, Stuck: open.len() + rt.Blocking()}
	}
	// What connections have left behind that ended in time has the rest of DrainTimeout, too. And then
	// comes what was still to be sent, see linger.
	grace := time.NewTimer(max(0, time.Until(deadline)) + linger + cutGrace)
	defer grace.Stop()
	select {
	case <-down:
		if cut == 0 {
			return nil
		}
		return &tcp.CutError{Cut: cut}
	case <-grace.C:
		return &tcp.CutError{Cut: cut, Stuck: max(1, rt.Blocking())} // 1: a poll of some other task
	}
}
