// Package tcp is the accept loop: a Server takes connections from a
// [net.Listener] and gives each one to a [Handler], on a goroutine of its own.
//
// Accepting is one line. What surrounds it is the lesson:
//
//   - server.go: the loop, the life of one connection, and the graceful stop;
//   - echo.go: the handler of this step, which sends back what it receives;
//   - backoff.go and errno.go: accept errors that pass, and how long to wait for that;
//   - limit.go: how many connections may be open;
//   - conn.go: what a handler gets instead of the bare connection, so that time
//     limits hold and the server can always take the connection back;
//   - linger.go: an end that the peer can read, for servers that have the last word;
//   - listen.go: opening the port, with an error that says what to do.
//
// Start reading at [Server.Serve].
package tcp
