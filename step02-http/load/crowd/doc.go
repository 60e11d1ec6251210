// Package crowd holds connections to an HTTP server that hardly ask for anything, while
// others are measured.
//
//   - An idle member has asked once, and keeps its connection open, as browsers do.
//   - A slow member sends a byte of a request's head each second, and never comes to its
//     end: that is slowloris. A server must limit the time of a head, not of a Read.
//
// Whose connection the server ends comes again, on a new one: so a server that defends
// itself has to go on doing so. Start reading at [Gather]; member.go is what each one does.
package crowd
