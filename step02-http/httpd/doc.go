// Package httpd is an HTTP/1.1 server: package http1's protocol, driven by one
// goroutine per connection, over step 1's tcp.Server.
//
//   - handler.go, request.go, response.go: what a handler gets and gives. It works on
//     memory alone, so other engines can run the same handlers: step 3's will.
//   - exchange.go: one request and its response, apart from any connection;
//   - server.go, conn.go: the engine. The loop in conn.go is the heart: parse, answer,
//     or read more. How long it waits for more is in waiting.go; closing.go, deadline.go,
//     idle.go, inbuffer.go and date.go hold its helpers;
//   - workplace.go: what of it needs no I/O, so that step 3's engine can do the same;
//   - stream.go, watch.go: content that comes over time; events.go: server-sent events;
//     takeover.go: a connection that goes on in another protocol;
//   - router.go: from a method and a path to a handler;
//   - files.go: a handler that serves the files of an fs.FS, with version.go (which one does
//     the client have?), ranges.go, encoding.go and contenttype.go;
//   - stats.go, accesslog.go: what the server tells about itself.
//
// Start reading at [Handler], then at conn.serve in conn.go.
package httpd
