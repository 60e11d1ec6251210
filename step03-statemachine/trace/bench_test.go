package trace_test

import (
	"testing"

	"example.com/async/step03-statemachine/trace"
)

// A task that is polled records three events: woken, poll, pending. spin stands for it.
type spin struct {
	trace *trace.Trace
	polls int
}

//go:noinline
func (s *spin) untraced() { s.polls++ }

//go:noinline
func (s *spin) traced() {
	if s.trace != nil {
		s.trace.Record(trace.Event{Kind: trace.Woken, Task: 1})
	}
	s.polls++
	if s.trace != nil {
		s.trace.Record(trace.Event{Kind: trace.PollStart, Task: 1})
	}
	if s.trace != nil {
		s.trace.Record(trace.Event{Kind: trace.PollPending, Task: 1})
	}
}

// The difference between none and off is what three events cost while nobody looks.
func BenchmarkThreeEvents(b *testing.B) {
	b.Run("none", func(b *testing.B) {
		s := new(spin)
		for b.Loop() {
			s.untraced()
		}
	})
	b.Run("off", func(b *testing.B) {
		s := new(spin)
		for b.Loop() {
			s.traced()
		}
	})
	b.Run("on", func(b *testing.B) {
		s := &spin{trace: trace.New(1 << 12)}
		for b.Loop() {
			s.traced()
		}
	})
	b.Run("on/two-goroutines", func(b *testing.B) {
		tr := trace.New(1 << 12)
		b.RunParallel(func(p *testing.PB) {
			s := &spin{trace: tr}
			for p.Next() {
				s.traced()
			}
		})
	})
}
