package httpfuture

import "example.com/async/step02-http/http1"

// A state says what a connection waits for: the points at which the goroutine of package
// httpd would block. Only answering waits for nothing.
//
//	idle, readHead, readBody | answering, when bytes have come
//	answering                | writing, when all is answered that has come; streaming
//	writing                  | idle, readHead, readBody: for more requests
//	                         | answering: more requests have come already
//	                         | streaming: the content comes piece by piece
//	                         | lingering: it was the last response
//	                         | handedOver: it was a 101
//	                         | done: the handler has aborted, the content broke off
//	streaming                | writing, with each piece; answering, behind the last
//	lingering, handedOver    | done
//
// Where nothing is to be sent, writing is left out. From each state an error of the connection
// leads to done. The end of a time limit leads from readHead and readBody to a last
// response, 408, and from the others to done.
type state uint8

const (
	// idle: for the first byte of a request, within Timeouts.Idle.
	idle state = iota
	// readHead: for the rest of a head, within Timeouts.Head from its first byte.
	readHead
	// readBody: for the rest of a body, within Timeouts.Body from the end of the head.
	readBody
	// answering: for nothing. Bytes have arrived that nobody has looked at.
	answering
	// writing: for the client to accept what is to be sent, within Timeouts.Write for each 64 KiB.
	writing
	// streaming: for the next piece of content, however long that takes.
	streaming
	// lingering: for the client to close, within tcp.LingerTime.
	lingering
	// handedOver: for the goroutine that goes on with the connection in another protocol.
	handedOver
	// done: for nothing. What the connection holds is to be given back.
	done
	// over: for nothing any more. Poll has returned ready.
	over
)

var stateNames = [...]string{
	"idle", "readHead", "readBody", "answering", "writing", "streaming", "lingering", "handedOver", "done", "over",
}

// String returns the name of the constant.
func (s state) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown state"
}

// stateFor returns the state that waits for what the parser waits for.
func stateFor(s http1.State) state {
	switch {
	case s == http1.Start:
		return idle
	case s.InBody():
		return readBody
	default:
		return readHead
	}
}
