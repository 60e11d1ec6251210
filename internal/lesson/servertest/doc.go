// Package servertest is what the behaviour suites of servers share, step 1's tcptest and
// step 2's httpdtest first.
//
//   - subject.go: what is judged, a [Server] on a [lesson.Network], and [Run], which judges
//     it in memory and over loopback;
//   - running.go: a server that [Start] has started, for the time of one case, and how the
//     case reaches it and ends it;
//   - logbook.go: what the server has logged meanwhile.
//
// What a client says, and what must come back, is the suite's own.
package servertest
