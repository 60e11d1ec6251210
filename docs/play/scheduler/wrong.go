package scheduler

import (
	"time"

	"example.com/async/step03-statemachine/future"
)

// region forgetful

func forgetful(s *stage) {
	spawn(s, "tea", s.sleep(10*time.Millisecond))
	begin := func(struct{}) future.Future[struct{}] {
		return articleDelay{s.now, s.now().Add(10 * time.Millisecond)}
	}
	spawn(s, "hello", future.Then(future.Ready(struct{}{}), begin))
}

// An articleDelay is ready at its time: so says the clock.
type articleDelay struct {
	now  func() time.Time
	when time.Time
}

func (d articleDelay) Poll(cx *future.Context) (_ struct{}, ready bool) {
	if d.now().Before(d.when) {
		return // pending. And cx.Waker()?
	}
	return struct{}{}, true
}

// endregion

// region hasty

// hasty looks, and then registers. done and registered would be guarded by a lock, or be atomic;
// a point is where another thread may come in between.
func hasty(s *stage) {
	done, registered := false, future.Waker(nil)
	s.event("event", "set done", func() {
		done = true
		s.point("wake who is registered")
		if registered == nil {
			s.say("whom? nobody")
			return
		}
		registered.Wake()
	})
	spawn(s, "waiter", future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		if done {
			return struct{}{}, true
		}
		s.say("not done yet")
		s.point("register the waker")
		registered = cx.Waker()
		return
	}))
}

// endregion

// region careful

// careful registers, and then looks. Nothing else is changed.
func careful(s *stage) {
	done, registered := false, future.Waker(nil)
	s.event("event", "set done", func() {
		done = true
		s.point("wake who is registered")
		if registered == nil {
			s.say("whom? nobody")
			return
		}
		registered.Wake()
	})
	spawn(s, "waiter", future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		registered = cx.Waker()
		s.point("look")
		if done {
			return struct{}{}, true
		}
		s.say("not done yet")
		return
	}))
}

// endregion
