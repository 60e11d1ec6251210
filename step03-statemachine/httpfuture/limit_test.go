package httpfuture

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/future"
)

func TestLimit_staysInTheHeapWhenItsDeadlineMovesFurther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEngine(t, new(httpd.Server))
		cx := future.NewContext(new(countingWaker))
		var l limit
		for i := range 1000 {
			require.False(t, l.over(cx, e, e.after(time.Minute+time.Duration(i)*time.Second)))
		}
		first, _ := e.rt.Timers().Next()
		require.Equal(t, time.Minute, first.Sub(e.start))
		require.Equal(t, 1, e.rt.Timers().Len())

		require.False(t, l.over(cx, e, e.after(time.Second)))
		first, _ = e.rt.Timers().Next()
		require.Equal(t, time.Second, first.Sub(e.start), "an earlier one must move it, or it would come too late")
		require.Equal(t, 1, e.rt.Timers().Len())
		l.cancel()
		require.Zero(t, e.rt.Timers().Len())
	})
}

func TestLimit_isOverAtTheLastDeadlineAndNotBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEngine(t, new(httpd.Server))
		waker := new(countingWaker)
		cx := future.NewContext(waker)
		var l limit
		require.False(t, l.over(cx, e, e.after(time.Second)))
		last := e.after(3 * time.Second)
		require.False(t, l.over(cx, e, last), "only remembered")
		time.Sleep(time.Second)
		synctest.Wait()
		require.EqualValues(t, 1, waker.wakes.Load(), "the timer was where it was put first")
		require.False(t, l.over(cx, e, last), "but it was too early")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 2, waker.wakes.Load())
		require.True(t, l.over(cx, e, last))

		require.False(t, l.over(cx, e, e.after(-1)), "no deadline")
		require.False(t, l.over(cx, e, e.after(time.Second)), "it can be used again")
		require.Equal(t, 1, e.rt.Timers().Len())
		l.cancel()
		l.cancel()
		require.Zero(t, e.rt.Timers().Len())
	})
}
