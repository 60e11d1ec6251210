package batch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
	"example.com/async/step04-chat/exercises/batch"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[writeFunc]{
		{
			Name: "one by one, as before", Case: "one-write",
			Message: "so many writes for 100 messages that were pending",
			Subject: batch.OneByOne,
		},
		{
			Name: "leaves it to net.Buffers, which makes one system call on some connections", Case: "one-write",
			Message: "so many writes for 100 messages that were pending",
			Subject: wrong(fault{buffers: true}),
		},
		{
			Name: "writes the message that it waited for, and then all others", Case: "one-write",
			Message: "so many writes for 100 messages that were pending",
			Subject: wrong(fault{firstAlone: true}),
		},
		{
			Name: "takes ten at a time", Case: "gathers",
			Message: "one write had to wait for the client, and 50 messages came meanwhile",
			Subject: wrong(fault{most: 10}),
		},
		{
			Name: "does not empty the batch", Case: "arrives",
			Message: "said when all before it had arrived",
			Subject: wrong(fault{keepsBatch: true}),
		},
		{
			Name: "forgets the message that woke it", Case: "arrives",
			Message: "said when all before it had arrived",
			Subject: wrong(fault{forgetsFirst: true}),
		},
		{
			Name: "waits 10 ms for more", Case: "at-once",
			Message: "how long did it take?",
			Subject: wrong(fault{waits: true}),
		},
		{
			Name: "writes when ten are there", Case: "at-once",
			Message: "one message, and nothing after it", Sometimes: []string{"gathers"},
			Subject: wrong(fault{least: 10}),
		},
		{
			Name: "takes all that is pending, however much", Case: "full",
			Message: "how long was the longest write?",
			Subject: wrong(fault{unbounded: true}),
		},
		{
			Name: "takes one more to see that it does not fit", Case: "full",
			Message: "1000 messages of 100 bytes that were pending",
			Subject: wrong(fault{drops: true}),
		},
		{
			Name: "says nothing of what was missed", Case: "lag",
			Message: "through a ring of 4",
			Subject: wrong(fault{silent: true}),
		},
		{
			Name: "takes the lag for the end", Case: "lag",
			Message: "through a ring of 4",
			Subject: wrong(fault{lagEnds: true}),
		},
		{
			Name: "returns at the end with a batch in its hands", Case: "end",
			Message: "two messages that were pending when the channel ended",
			Subject: wrong(fault{endsEarly: true}),
		},
		{
			Name: "calls the end an error", Case: "end",
			Message: "the channel has ended: what does Write return?",
			Subject: wrong(fault{endFails: true}),
		},
		{
			Name: "writes what is in the batch, also if that is nothing", Case: "end",
			Message: "there was nothing to write: how many writes?",
			Subject: wrong(fault{writesNothing: true}),
		},
		{
			Name: "appends to the first message", Case: "shared",
			Message: "was something appended to one of them?",
			Subject: wrong(fault{appendsToFirst: true}),
		},
		{
			Name: "does not look at what Write returns", Case: "write-fails",
			Message: "what does Write return?",
			Subject: wrong(fault{ignoresErrors: true}),
		},
		{
			Name: "waits with a context of its own", Case: "stops",
			Message: "it hangs",
			Subject: wrong(fault{ignoresContext: true}),
		},
	}, lesson.JudgeInBubble[writeFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	buffers, firstAlone, keepsBatch, forgetsFirst, waits, unbounded, drops, silent, lagEnds bool
	endsEarly, endFails, writesNothing, appendsToFirst, ignoresErrors, ignoresContext       bool

	most, least int
}

// wrong is right but for its fault.
func wrong(f fault) writeFunc {
	return func(ctx context.Context, conn io.Writer, messages *broadcast.Receiver[[]byte]) error {
		w := &writer{fault: f, conn: conn}
		recvContext := ctx
		if f.ignoresContext {
			recvContext = context.Background()
		}
		for {
			message, err := messages.Recv(recvContext)
			for n := 0; w.take(message, err); message, err = messages.TryRecv() {
				n++
				if f.firstAlone && n == 1 || f.waits && n == 1 {
					w.pause()
				}
				for f.least > 0 && n < f.least {
					message, err = messages.Recv(recvContext)
					if !w.take(message, err) {
						break
					}
					n++
				}
				if n == f.most || len(w.batch) >= batch.MostWrite && !f.unbounded {
					break
				}
			}
			switch {
			case w.err != nil:
				return w.err
			case f.endsEarly && err == broadcast.ErrClosed:
				return nil
			}
			if err := w.flush(); err != nil {
				return err
			}
			switch {
			case err == broadcast.ErrClosed && !f.endFails:
				return nil
			case err == broadcast.ErrClosed, recvContext.Err() != nil:
				return err
			}
		}
	}
}

// A writer is the batch, and where it goes.
type writer struct {
	fault
	conn  io.Writer
	batch []byte
	parts net.Buffers
	err   error
}

// take appends what was received, and reports whether there was something.
func (w *writer) take(message []byte, err error) bool {
	lagged, isLagged := errors.AsType[*broadcast.LaggedError](err)
	switch {
	case isLagged && w.lagEnds:
		w.err = err
		return false
	case isLagged && w.silent:
		return true
	case isLagged:
		message = fmt.Appendf(nil, "* you missed %d messages\n", lagged.Missed)
	case err != nil:
		return false
	}
	switch {
	case w.forgetsFirst && len(w.batch) == 0:
		w.forgetsFirst = false
	case w.drops && len(w.batch) > 0 && len(w.batch)+len(message) > batch.MostWrite:
		w.flush()
	case w.buffers:
		w.parts = append(w.parts, message)
	case w.appendsToFirst && len(w.batch) == 0:
		w.batch = message
	default:
		w.batch = append(w.batch, message...)
	}
	return true
}

func (w *writer) pause() {
	if w.firstAlone {
		w.err = w.flush()
		return
	}
	time.Sleep(10 * time.Millisecond)
}

func (w *writer) flush() error {
	if len(w.batch) == 0 && len(w.parts) == 0 && !w.writesNothing {
		return nil
	}
	var err error
	if w.buffers {
		_, err = w.parts.WriteTo(w.conn)
		w.parts = nil
	} else {
		_, err = w.conn.Write(w.batch)
	}
	switch {
	case w.appendsToFirst:
		w.batch = nil
	case !w.keepsBatch:
		w.batch = w.batch[:0]
	}
	if w.ignoresErrors {
		return nil
	}
	return err
}
