// Package pictures draws the book's timelines of step 3. Each is the trace of a real run, which is
// the same on every machine: the executor is polled by hand or runs in virtual time.
//
//   - delayhello_test.go: DelayHello and another task on one worker;
//   - lostwakeup_test.go: the order in which package explore has found a lost wake-up;
//   - connections_test.go: two connections of an echo server on one worker.
//
// The tests compare the pictures with those in docs. This draws them anew:
//
//	go generate ./step03-statemachine/examples/pictures
package pictures

//go:generate go test -run=Picture -update
