package future

// A Context is what Poll is told: whom to wake, and how much it may still do. It mirrors
// Rust's std::task::Context, and has nothing in common with Go's context.Context. The
// parameter is always called cx.
//
// It belongs to the goroutine that polls, and is valid until Poll returns: a Future that
// wants to be woken stores cx.Waker(), never cx.
type Context struct {
	waker  Waker
	budget int // what is left of it; negative: no limit
}

// NewContext returns a Context for polling by hand. It has no limit on what a Poll may do.
func NewContext(waker Waker) *Context {
	return &Context{waker: waker, budget: noLimit}
}

const noLimit = -1

// Renew makes cx the Context of the next Poll, which may do budget operations (more than 0). An
// executor keeps one Context for each of its workers, so that a Poll allocates nothing.
func (cx *Context) Renew(waker Waker, budget int) {
	cx.waker, cx.budget = waker, budget
}

// Waker returns whom to wake when the Future is worth polling again.
func (cx *Context) Waker() Waker { return cx.waker }

// SetWaker makes w the waker, and leaves the budget as it is. A Future that polls others and wants
// to know which of them was woken, like [Set], lends each a waker of its own, and then sets back
// the one it was given.
func (cx *Context) SetWaker(w Waker) { cx.waker = w }

// Spend takes one operation from the task's budget. A leaf Future, one that does not
// merely poll others, calls it before it does something that could go on for ever, and
// returns pending if it reports false: the waker has been called already, so the task
// comes again behind the others. Without it, a connection whose client never stops
// sending would hold its worker for good. (In tokio: task::coop, 128 operations a poll.)
//
// A leaf that then finds that it has to wait gives the operation back with Refund: waiting
// is not work.
func (cx *Context) Spend() bool {
	switch {
	case cx.budget == 0:
		cx.waker.Wake()
		return false
	case cx.budget > 0:
		cx.budget--
	}
	return true
}

// Refund gives back what one Spend took.
func (cx *Context) Refund() {
	if cx.budget >= 0 {
		cx.budget++
	}
}
