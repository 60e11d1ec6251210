// Package tcptest is the behaviour suite of step 1, in the way of
// [golang.org/x/net/nettest.TestConn]: lists of named properties that any
// implementation can be judged by.
//
//   - [ServerCases] judge an accept loop: what happens to the connections of
//     good, slow, stuck and crashing handlers, when the listener fails, and when the
//     server stops. They are in connection_cases.go, accept_cases.go, limit_cases.go,
//     stop_cases.go and time_cases.go.
//   - [EchoCases], in echo_cases.go, judge an echo server from outside: they send bytes, and look
//     at what comes back.
//
// [TestServer] and [TestEcho] run them: in memory, where time is virtual and
// accept errors can be made, and over loopback TCP. The package's own tests run the cases
// against a museum of wrong programs, and so show that each case can fail.
package tcptest
