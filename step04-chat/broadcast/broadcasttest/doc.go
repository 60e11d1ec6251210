// Package broadcasttest is the behaviour suite of package broadcast, in the way of
// [golang.org/x/net/nettest.TestConn]: a list of named properties that any implementation can be
// judged by, broadcast's own, a learner's, and wrong ones.
//
//   - ring_cases.go: who gets which value. These cases use Send, Subscribe and TryRecv alone.
//   - lag_cases.go: what a receiver is told that was too slow. They use no more than those.
//   - value_cases.go: how long a value is kept.
//   - end_cases.go: Close, of senders and of receivers.
//   - wait_cases.go, ready_cases.go: waiting, giving up, the select statement.
//   - count_cases.go, stress_cases.go: the counts, and everything at the same time.
//
// A [Subject] that lacks a method can be judged by those cases that don't use it: embed a nil
// [Sender] or [Receiver] in it. The museum of this package's tests shows that each case can fail.
//
// Start reading at [Cases].
package broadcasttest
