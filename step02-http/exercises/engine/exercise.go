//go:build !solution

package engine

import (
	"example.com/async/internal/lesson"
	"example.com/async/step02-http/http1"
)

// Serve answers the requests that come from conn, one after the other. The caller closes
// conn when Serve has returned.
//
//   - parser.Parse says whether what has arrived is a request; see the comment of
//     http1.Parser for the loop around it. What follows a request is the next one.
//   - Responses are sent when nothing is left to parse: so those to requests that came
//     together leave in one Write.
//   - Before it reads on in a body, it writes http1.Continue if the client waits for that:
//     parser.State().InBody() and parser.Request().ExpectsContinue. Once.
//   - When Read returns io.EOF between two requests (http1.Start), Serve returns nil; within a
//     request it refuses that with http1.ErrIncomplete. Parse's error is an *http1.Error: it
//     refuses the request with it.
//   - After the last response nothing more is answered. Serve calls CloseWrite, and then reads what
//     still comes, 256 KiB at most, until io.EOF: else the client might lose the response.
//   - Other errors of Read and Write are returned.
func Serve(conn Conn, parser *http1.Parser, site Site) error {
	return lesson.ErrNotStarted
}
