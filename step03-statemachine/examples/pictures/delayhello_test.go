package pictures

import (
	"testing"
	"time"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/trace"
)

// While DelayHello waits, its worker polls another task, and sleeps in between.
func TestPicture_ofDelayHello(t *testing.T) {
	f := newFilm()
	f.spawn("DelayHello", func(id func() trace.TaskID) future.Future[struct{}] {
		hello := future.NewDelayHello(f.manual.Sleep(10*time.Millisecond), func(string) {
			f.work(time.Millisecond)
		})
		return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
			f.note(id(), hello.String())
			_, ready = hello.Poll(cx)
			f.note(id(), hello.String())
			return struct{}{}, ready
		})
	})
	f.spawn("another", func(id func() trace.TaskID) future.Future[struct{}] {
		pause := f.manual.Sleep(0)
		left := 4
		return future.Func[struct{}](func(cx *future.Context) (_ struct{}, ready bool) {
			for {
				if _, over := pause.Poll(cx); !over {
					return
				}
				f.work(time.Millisecond)
				if left--; left == 0 {
					return struct{}{}, true
				}
				pause = f.manual.Sleep(2 * time.Millisecond)
			}
		})
	})
	f.run()
	compare(t, "03-delayhello.svg", f.events)
}
