package timer_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step03-statemachine/timer"
)

// A time limit that is not reached: what every request of a server does.
func BenchmarkSetAndCancel(b *testing.B) {
	b.Run("time.AfterFunc, Stop", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			time.AfterFunc(time.Hour, func() {}).Stop()
		}
	})
	b.Run("Sleep, Cancel", func(b *testing.B) {
		b.ReportAllocs()
		timers := timer.New(time.Now, func() {})
		cx := future.NewContext(&futuretest.Waker{})
		for range b.N {
			s := timers.Sleep(time.Hour)
			s.Poll(cx)
			s.Cancel()
		}
	})
}

// The same, with one timer for all requests.
func BenchmarkReset(b *testing.B) {
	b.Run("time.Timer", func(b *testing.B) {
		t := time.AfterFunc(time.Hour, func() {})
		defer t.Stop()
		for range b.N {
			t.Reset(time.Hour)
		}
	})
	b.Run("Sleep", func(b *testing.B) {
		s := timer.New(time.Now, func() {}).Sleep(time.Hour)
		s.Poll(future.NewContext(&futuretest.Waker{}))
		for range b.N {
			s.Reset(time.Now().Add(time.Hour))
		}
	})
}

// A million timers are set, with deadlines in any order, and then all fire.
func BenchmarkMillion(b *testing.B) {
	const million = 1_000_000
	perTimer := func(b *testing.B, name string, took time.Duration) {
		b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/million, name)
	}
	b.Run("time.AfterFunc, Stop", func(b *testing.B) {
		// All of them in time's own order would start a goroutine each, so only setting and
		// taking back can be compared.
		var set, stop time.Duration
		for range b.N {
			timers := make([]*time.Timer, million)
			start := time.Now()
			for i := range timers {
				timers[i] = time.AfterFunc(time.Hour+rand.N(time.Hour), func() {})
			}
			set += time.Since(start)
			start = time.Now()
			for _, t := range timers {
				t.Stop()
			}
			stop += time.Since(start)
		}
		perTimer(b, "ns/set", set)
		perTimer(b, "ns/stop", stop)
	})
	b.Run("Sleep", func(b *testing.B) {
		var set, fire time.Duration
		for range b.N {
			d := newDesk()
			cx := future.NewContext(&futuretest.Waker{})
			start := time.Now()
			for range million {
				d.Sleep(time.Hour + rand.N(time.Hour)).Poll(cx)
			}
			set += time.Since(start)
			d.time = d.time.Add(2 * time.Hour)
			wakers := make([]future.Waker, 0, million)
			start = time.Now()
			wakers = d.Fire(wakers)
			fire += time.Since(start)
			if len(wakers) != million {
				b.Fatal(len(wakers), "have fired")
			}
		}
		perTimer(b, "ns/set", set)
		perTimer(b, "ns/fire", fire)
	})
}
