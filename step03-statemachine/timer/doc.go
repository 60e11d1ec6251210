// Package timer holds Futures that become ready when their time has come.
//
// [Timers] is a heap of deadlines. It starts no goroutine, and does not wait: whoever runs it
// asks [Timers.Next] how long it may sleep, sleeps in whatever way it likes, and then
// calls [Timers.Fire] for the wakers of all that is due. Package executor does that between two
// polls, and sleeps in its driver. A test gives a clock of its own and turns it by hand.
//
// One thing makes it more than a heap. A new deadline may be earlier than the one that the
// runtime sleeps for: it would sleep past it. So Timers reports each time that the
// first deadline moves forward.
//
// Start reading at [Sleep], the Future; then timers.go, the heap.
package timer
