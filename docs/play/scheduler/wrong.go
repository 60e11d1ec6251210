package scheduler

import (
	"time"

	"example.com/async/step03-statemachine/future"
)

// region forgetful

func forgetful(s *stage) {
	spawn(s, "tea", s.sleep(10*time.Millisecond))
	begin := func(struct{}) future.Future[struct{}] {
		when := s.now().Add(10 * time.Millisecond)
		return articleDelay{s.now, when}
	}
	now := future.Ready(struct{}{})
	spawn(s, "hello", future.Then(now, begin))
}

// An articleDelay is ready at its time: so says the
// clock.
type articleDelay struct {
	now  func() time.Time
	when time.Time
}

func (d articleDelay) Poll(
	cx *future.Context,
) (_ struct{}, ready bool) {
	if d.now().Before(d.when) {
		return // pending. And cx.Waker()?
	}
	return struct{}{}, true
}

// endregion

// region hasty

// hasty looks, and then registers. In a program with
// threads, done and registered would be guarded or
// atomic; a point is where another thread may come in.
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
	poll := func(cx *future.Context) (ready bool) {
		if done {
			return true
		}
		s.say("not done yet")
		s.point("register the waker")
		registered = cx.Waker()
		return false
	}
	spawn(s, "waiter", polledBy(poll))
}

// endregion

// region careful

// careful registers, and then looks. Nothing else is
// changed.
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
	poll := func(cx *future.Context) (ready bool) {
		registered = cx.Waker()
		s.point("look")
		if done {
			return true
		}
		s.say("not done yet")
		return false
	}
	spawn(s, "waiter", polledBy(poll))
}

// endregion

// polledBy makes a Future of its Poll.
func polledBy(poll func(cx *future.Context) (ready bool)) future.Future[struct{}] {
	return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
		return struct{}{}, poll(cx)
	})
}
