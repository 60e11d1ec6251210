// Package selecttest is the behaviour suite of step 5: what a chat with names and rooms must do, told in
// the lines that people type and see.
//
//   - talk_cases.go: who gets what, and in which order;
//   - command_cases.go: what can be asked for besides;
//   - name_cases.go: who is called what;
//   - room_cases.go: who is where, and what a room remembers;
//   - line_cases.go: what a line is, and what may reach another's terminal;
//   - slow_cases.go: clients that don't read;
//   - fair_cases.go: clients that talk too much;
//   - leave_cases.go: how clients and the server end.
//
// [TestServer] runs them in memory, where time is virtual, and over loopback. The clients are in
// client.go. Any server can be judged that takes the [Settings], and any that talks otherwise than in
// lines, with a [Wire].
package selecttest
