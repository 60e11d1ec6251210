// Package measure is the moving picture that compares the servers of steps 2 to 5 on the reader's machine, in
// some seconds.
//
// It is a taste, and says so: clients and servers share this process and its processors, and a round takes a third
// of a second. What it shares with the commands that measure for real, step 2's load -compare and step
// 5's compare, are the servers, the load generators, and that rounds go round.
//
//   - bench.go: the route; one page measures at a time;
//   - run.go: one run: which server comes when, and what the page is told;
//   - subjects.go: the servers; load.go: what is done to them.
//
// Start reading at [Bench.Register].
package measure
