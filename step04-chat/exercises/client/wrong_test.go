package client_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/exercises/client"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[serveFunc]{
		{
			Name: "reads one line and returns", Case: "talk",
			Message: "Bob has said four lines",
			Subject: wrong(fault{once: true}),
		},
		{
			Name: "one goroutine that reads a little and writes a little, and forgets half a line", Case: "half-typed",
			Message: "read what Bob said, and typed the other half",
			Subject: polls,
		},
		{
			Name: "does not tell the writer that the client has left", Case: "leaves",
			Message: "goroutine(s) left behind",
			Subject: wrong(fault{writerUntold: true}),
		},
		{
			Name: "stays a member for ever", Case: "leaves",
			Message: "how many members are there still?",
			Subject: wrong(fault{stays: true}),
		},
		{
			Name: "lets each goroutine leave", Case: "leaves",
			Message: "a member has left twice",
			Subject: wrong(fault{leavesTwice: true}),
		},
		{
			Name: "takes the end of the stream for an error", Case: "leaves",
			Message: "a client has closed its connection: what does Serve return?",
			Subject: wrong(fault{closedIsError: true}),
		},
		{
			Name: "closes the connection when the client has finished sending", Case: "half-close",
			Message: "then Ann finished sending, and then she reads",
			Subject: wrong(fault{closesAtEOF: true}),
		},
		{
			Name: "drops the queue when the reader has ended", Case: "half-close",
			Message: "then Ann finished sending, and then she reads",
			Subject: wrong(fault{dropsRest: true}),
		},
		{
			Name: "writes until nothing is left", Case: "half-close-busy",
			Message: "100 messages later her connection still isn't closed",
			Subject: wrong(fault{drains: true}),
		},
		{
			Name: "does not look at ctx", Case: "stops",
			Message: "it hangs",
			Subject: wrong(fault{ignoresContext: true}),
		},
		{
			Name: "closes the connection when ctx ends", Case: "stops",
			Message: "then ctx ended, and then the client reads",
			Subject: wrong(fault{closesAtStop: true}),
		},
		{
			Name: "calls the deadline that it has set itself an error", Case: "stops",
			Message: "ctx has ended: what does Serve return?",
			Subject: wrong(fault{stopIsError: true}),
		},
		{
			Name: "returns nil, whatever happened", Case: "vanishes",
			Message: "the client's connection was reset: what does Serve return?",
			Subject: func(ctx context.Context, conn net.Conn, room *client.Room) error {
				wrong(fault{})(ctx, conn, room)
				return nil
			},
		},
		{
			Name: "lets a Write take as long as it likes", Case: "stuck",
			Message: "it hangs",
			Subject: wrong(fault{noDeadline: true}),
		},
		{
			Name: "leaves the reader alone when the writer has failed", Case: "stuck",
			Message: "it hangs",
			Subject: wrong(fault{readerUntold: true}),
		},
		{
			Name: "returns what the reader saw when the writer closed the connection", Case: "stuck",
			Message: "the client has not read for WriteTimeout: what does Serve return?",
			Subject: wrong(fault{readErrorFirst: true}),
		},
		{
			Name: "hands lines over through a channel, to a loop that may have ended", Case: "stuck-talks",
			Message: "left behind", Sometimes: []string{"stuck"},
			Subject: selects,
		},
		{
			Name: "tells the writer to end, and does not wait for it", Case: "stuck-leaves",
			Message: "after what time has Serve returned?",
			Subject: wrong(fault{writerUnawaited: true}),
		},
		{
			Name: "sets the deadline once, for all Writes", Case: "patient",
			Message: "Ann reads a message every 9s",
			Subject: wrong(fault{deadlineOnce: true}),
		},
	}, lesson.JudgeInBubble[serveFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	once, writerUntold, stays, leavesTwice, closedIsError, closesAtEOF, dropsRest, drains, ignoresContext bool
	closesAtStop, stopIsError, noDeadline, readerUntold, readErrorFirst, writerUnawaited, deadlineOnce    bool
}

// wrong is right but for its fault.
func wrong(f fault) serveFunc {
	return func(ctx context.Context, conn net.Conn, room *client.Room) error {
		a := &answer{fault: f, conn: conn, member: room.Join(), leaving: make(chan struct{}), written: make(chan struct{})}
		if !f.stays {
			defer a.member.Leave()
		}
		if !f.ignoresContext {
			defer context.AfterFunc(ctx, func() {
				conn.SetReadDeadline(time.Unix(1, 0))
				if f.closesAtStop {
					conn.Close()
				}
			})()
		}
		if f.deadlineOnce {
			conn.SetWriteDeadline(time.Now().Add(client.WriteTimeout))
		}
		go a.write()
		readErr := a.read()
		switch {
		case ctx.Err() != nil && !f.stopIsError:
			readErr = nil
		case readErr == nil && f.closedIsError:
			readErr = io.EOF
		}
		if f.closesAtEOF {
			conn.Close()
		}
		if f.writerUntold {
			return readErr
		}
		close(a.leaving)
		if f.writerUnawaited {
			return readErr
		}
		<-a.written
		if a.writeErr != nil && !f.readErrorFirst {
			return a.writeErr
		}
		return readErr
	}
}

type answer struct {
	fault
	conn     net.Conn
	member   *client.Member
	leaving  chan struct{} // closed when the reader has ended
	written  chan struct{} // closed when the writer has ended
	writeErr error
}

func (a *answer) read() error {
	lines := bufio.NewScanner(a.conn)
	for lines.Scan() {
		a.member.Send(lines.Text())
		if a.once {
			break
		}
	}
	return lines.Err()
}

func (a *answer) write() {
	defer close(a.written)
	if a.leavesTwice {
		defer a.member.Leave()
	}
	for a.writeErr == nil {
		select {
		case message := <-a.member.Messages:
			a.writeErr = a.writeLine(message)
		case <-a.leaving:
			a.writeErr = a.writeRest()
			return
		}
	}
	if !a.readerUntold {
		a.conn.Close()
	}
}

func (a *answer) writeRest() error {
	for rest := len(a.member.Messages); (rest > 0 || a.drains) && !a.dropsRest; rest-- {
		select {
		case message := <-a.member.Messages:
			if err := a.writeLine(message); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

func (a *answer) writeLine(message string) error {
	if !a.noDeadline && !a.deadlineOnce {
		a.conn.SetWriteDeadline(time.Now().Add(client.WriteTimeout))
	}
	_, err := a.conn.Write([]byte(message + "\n"))
	return err
}

// polls is a client on one goroutine, in the way of the article's select.
func polls(ctx context.Context, conn net.Conn, room *client.Room) error {
	member := room.Join()
	defer member.Leave()
	reader := bufio.NewReader(conn)
	for {
		conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		line, err := reader.ReadString('\n') // and what it has read when the time is over is gone
		switch {
		case err == nil:
			member.Send(strings.TrimSuffix(line, "\n"))
			continue
		case ctx.Err() != nil:
		case errors.Is(err, os.ErrDeadlineExceeded):
		case err != io.EOF:
			return err
		}
		for range len(member.Messages) {
			conn.SetWriteDeadline(time.Now().Add(client.WriteTimeout))
			if _, err := conn.Write([]byte(<-member.Messages + "\n")); err != nil {
				return err
			}
		}
		if err == io.EOF || ctx.Err() != nil {
			return nil
		}
	}
}

// selects is a client whose reader hands the lines to a loop that writes.
func selects(ctx context.Context, conn net.Conn, room *client.Room) error {
	member := room.Join()
	defer member.Leave()
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	lines := make(chan string)
	var readErr error
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(conn)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
		readErr = scanner.Err()
	}()
	write := func(message string) error {
		conn.SetWriteDeadline(time.Now().Add(client.WriteTimeout))
		_, err := conn.Write([]byte(message + "\n"))
		return err
	}
	for {
		select {
		case line, more := <-lines:
			if more {
				member.Send(line)
				continue
			}
			for range len(member.Messages) {
				if err := write(<-member.Messages); err != nil {
					return err
				}
			}
			if ctx.Err() != nil {
				return nil
			}
			return readErr
		case message := <-member.Messages:
			if err := write(message); err != nil {
				conn.Close()
				return err
			}
		}
	}
}
