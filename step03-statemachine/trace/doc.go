// Package trace records what a runtime does: who was polled, with what result, who woke
// whom, when a worker slept.
//
// A [Trace] is a ring with room for a fixed number of events: the newest push out the oldest, so it
// may stay on for days. The packages that record take a *Trace that may be nil, and ask for nil
// themselves, which is one branch that the processor predicts:
//
//	if tr != nil {
//		tr.Record(trace.Event{Kind: trace.Woken, Task: t.id, Source: trace.Timer})
//	}
//
// An event is recorded before the step that it names and never under a lock. [Trace.OnEvent] may
// therefore stop the recording goroutine there and let another one overtake: package explore
// tries all orders of the steps that way.
//
// Start reading at [Event]; then trace.go (the ring), and the three ways to
// look at it: [Trace.WriteText], [Trace.WriteSVG], [Trace.WriteJSON].
package trace
