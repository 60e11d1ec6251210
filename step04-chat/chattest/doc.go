// Package chattest is the behaviour suite of step 4: what a chat room must do, told in raw lines.
//
//   - talk_cases.go: who gets what, and in which order;
//   - line_cases.go: what a line is, and what may reach another's terminal;
//   - slow_cases.go: clients that don't read;
//   - leave_cases.go: how clients and the server end.
//
// [TestServer] runs them in memory, where time is virtual, and over loopback. The clients are in
// client.go. Any server can be judged that takes the [Settings].
package chattest
