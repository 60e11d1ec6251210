package asyncnet

import (
	"context"
	"errors"
	"io"
	"sync"

	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
)

// An echoState says what an echo waits for.
type echoState uint8

const (
	echoReading echoState = iota // for bytes
	echoWriting                  // for room to send them back
	echoDone                     // for nothing
)

func (s echoState) String() string {
	return [...]string{"reading", "writing", "done"}[s]
}

// An echo is [tcp.Echo] as a machine. There, the goroutine's stack remembers whether it is in Read or
// in Write, and what it has read. Here, these are fields.
type echo struct {
	ctx   context.Context
	conn  Conn
	state echoState

	buffer *[echoBuffer]byte // nil while reading: an idle connection has none
	unsent []byte            // part of buffer
}

// echoBuffer is how much of what a client has sent is held at most. While it has to be sent
// back nothing more is read, so a client that does not read is not read either: backpressure.
const echoBuffer = 4 << 10

var echoBuffers = sync.Pool{New: func() any { return new([echoBuffer]byte) }}

// Echo sends back every byte that it receives (RFC 862), until the client has finished
// sending: a [Handler]. When ctx ends, it sends back what it has read, and ends with nil;
// otherwise its value is the error of the read or write that failed.
func Echo(ctx context.Context, _ *executor.Runtime, conn Conn) future.Future[error] {
	return &echo{ctx: ctx, conn: conn}
}

var _ Handler = Echo

// Poll goes on until the client must do something: send (1), or make room (2).
func (e *echo) Poll(cx *future.Context) (failure error, ready bool) {
	for {
		switch e.state {
		case echoReading:
			if e.buffer == nil {
				e.buffer = echoBuffers.Get().(*[echoBuffer]byte)
			}
			n, ready, err := e.conn.PollRead(cx, e.buffer[:])
			switch {
			case !ready:
				e.giveBack()
				if e.ctx.Err() != nil {
					return e.end(nil), true
				}
				return nil, false // (1)
			case errors.Is(err, io.EOF):
				return e.end(nil), true // the client has half-closed, and has got everything back
			case err != nil:
				return e.end(err), true
			}
			e.unsent = e.buffer[:n]
			e.state = echoWriting
		case echoWriting:
			n, ready, err := e.conn.PollWrite(cx, e.unsent)
			if !ready {
				return nil, false // (2)
			}
			if err != nil {
				return e.end(err), true
			}
			if e.unsent = e.unsent[n:]; len(e.unsent) == 0 {
				e.state = echoReading
			}
		case echoDone:
			panic(future.PolledAfterReady)
		}
	}
}

// Cancel gives the buffer back. The connection belongs to the server.
func (e *echo) Cancel() { e.end(nil) }

func (e *echo) end(failure error) error {
	e.giveBack()
	e.state = echoDone
	return failure
}

func (e *echo) giveBack() {
	if e.buffer != nil {
		echoBuffers.Put(e.buffer)
		e.buffer, e.unsent = nil, nil
	}
}
