package executor

import "sync"

// A list is tasks in the order in which they are to be polled. The links are in the tasks, each of which is in
// one list at most: a list needs no memory of its own, and cannot be full.
type list struct {
	first, last *task
	n           int
}

func (l *list) push(t *task) {
	t.next = nil
	if l.n == 0 {
		l.first = t
	} else {
		l.last.next = t
	}
	l.last = t
	l.n++
}

// pop takes the first task; nil if there is none.
func (l *list) pop() *task {
	t := l.first
	if t == nil {
		return nil
	}
	l.first, t.next = t.next, nil
	l.n--
	if l.n == 0 {
		l.last = nil
	}
	return t
}

// cut takes the first n tasks, 1 to l.n, as a list of their own.
func (l *list) cut(n int) list {
	if n == l.n {
		all := *l
		*l = list{}
		return all
	}
	front := list{first: l.first, n: n}
	front.last = l.first
	for range n - 1 {
		front.last = front.last.next
	}
	l.first, front.last.next = front.last.next, nil
	l.n -= n
	return front
}

// A localQueue is the tasks that one worker has taken to poll them next. Only the worker adds to it, and only when
// it is empty. Others steal from it: a worker may be busy with one poll for long.
//
// Go's own scheduler and tokio have a ring without a lock here. A lock that nobody else wants costs
// 4 ns, and can be read.
type localQueue struct {
	mu   sync.Mutex
	list list
}

// localMax bounds a local queue, and with it how long a thief holds the lock and how long a task in the common
// queue waits for one that is ahead of it.
const localMax = 64

// fill puts the tasks into the empty queue.
func (q *localQueue) fill(tasks list) {
	q.mu.Lock()
	q.list = tasks
	q.mu.Unlock()
}

// pop takes the first task; nil if there is none.
func (q *localQueue) pop() *task {
	q.mu.Lock()
	t := q.list.pop()
	q.mu.Unlock()
	return t
}

// stealHalf takes the first half of the tasks, rounded up: those that have waited longest.
func (q *localQueue) stealHalf() list {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.list.n == 0 {
		return list{}
	}
	return q.list.cut((q.list.n + 1) / 2)
}

// empty reports whether there is nothing to steal.
func (q *localQueue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.list.n == 0
}
