package main

import (
	"errors"
	"io"
	"sync"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/broadcast"
)

// A room is step 4's broadcast channel for tasks: whoever waits for a message leaves a waker.
type room struct {
	sender   *broadcast.Sender[message]
	operator io.Writer

	mu      sync.Mutex
	waiting map[future.Waker]struct{} // a set, for a client leaves its waker in every round
}

func (r *room) send(m message) {
	r.sender.Send(m)
	r.mu.Lock()
	waiting := r.waiting
	r.waiting = nil
	r.mu.Unlock()
	for waker := range waiting {
		waker.Wake()
	}
}

// recv returns a Future of the next message. Cancelled, it has taken none: it is cancel-safe.
func (r *room) recv(receiver *broadcast.Receiver[message]) future.Future[future.Result[message]] {
	return future.Func[future.Result[message]](func(cx *future.Context) (result future.Result[message], ready bool) {
		if !cx.Spend() {
			return result, false
		}
		// First the waker, then the look: a message that comes in between wakes.
		r.wait(cx.Waker())
		m, err := receiver.TryRecv()
		if errors.Is(err, broadcast.ErrEmpty) {
			cx.Refund()
			return result, false
		}
		return future.Result[message]{Value: m, Err: err}, true
	})
}

func (r *room) wait(waker future.Waker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.waiting = make(map[future.Waker]struct{})
	}
	r.waiting[waker] = struct{}{}
}
