package future

// A Pair is what both of two Futures have given.
type Pair[A, B any] struct {
	First  A
	Second B
}

// Join returns a Future of the values of both a and b (Rust's join!). They make progress side by
// side, in one task: both start at the first Poll, and each is polled until it is ready.
//
// They take turns in being polled first. Otherwise an a that always uses up the task's budget
// would leave b none, for ever.
func Join[A, B any](a Future[A], b Future[B]) Future[Pair[A, B]] {
	return &join[A, B]{a: a, b: b}
}

// In a join, a and b are nil when they are ready; pair keeps their values until both are.
type join[A, B any] struct {
	a      Future[A]
	b      Future[B]
	pair   Pair[A, B]
	bFirst bool // in the next Poll
}

func (j *join[A, B]) Poll(cx *Context) (pair Pair[A, B], ready bool) {
	if j.a == nil && j.b == nil {
		panic(PolledAfterReady)
	}
	if j.bFirst {
		j.pollB(cx)
		j.pollA(cx)
	} else {
		j.pollA(cx)
		j.pollB(cx)
	}
	j.bFirst = !j.bFirst
	if j.a != nil || j.b != nil {
		return
	}
	return j.pair, true
}

func (j *join[A, B]) pollA(cx *Context) {
	if j.a == nil {
		return
	}
	if v, ready := j.a.Poll(cx); ready {
		j.pair.First, j.a = v, nil
	}
}

func (j *join[A, B]) pollB(cx *Context) {
	if j.b == nil {
		return
	}
	if v, ready := j.b.Poll(cx); ready {
		j.pair.Second, j.b = v, nil
	}
}

func (j *join[A, B]) Cancel() {
	drop(&j.a)
	drop(&j.b)
}
