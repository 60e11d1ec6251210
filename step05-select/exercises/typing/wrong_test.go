package typing_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/exercises/typing"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[serveFunc]{
		{
			Name: "a read with a deadline, as before", Case: "half-typed",
			Message: "which lines were said?",
			Subject: typing.BrokenServe,
		},
		{
			Name: "a Scanner with a deadline, for which any rest is a line", Case: "half-typed",
			Message: "which lines were said?",
			Subject: scans,
		},
		{
			Name: "a goroutine in each round that reads a line", Case: "half-typed",
			Message: "which lines were said?", Sometimes: []string{"room-ends-talking"},
			Subject: rounds,
		},
		{
			Name: "reads a line, then looks for messages", Case: "at-once",
			Message: "Serve does not receive the message",
			Subject: takesTurns,
		},
		{
			Name: "lets the reader say the lines itself", Case: "one-at-a-time",
			Message: "a line is still being said, and Serve receives a message meanwhile",
			Subject: wrong(fault{readerSays: true}),
		},
		{
			Name: "writes each message on a goroutine of its own", Case: "one-at-a-time",
			Message: "what has the user said meanwhile?",
			Subject: wrong(fault{writesAside: true}),
		},
		{
			Name: "has room for all lines", Case: "pushes-back",
			Message: "how much has the reader read?",
			Subject: wrong(fault{room: 1000}),
		},
		{
			Name: "says that it is done through another channel", Case: "leaves",
			Message: "the user has typed four lines and finished: which were said?",
			Subject: wrong(fault{room: 10, doneChannel: true}),
		},
		{
			Name: "calls the end of the stream an error", Case: "leaves",
			Message: "the user has finished: what does Serve return?",
			Subject: wrong(fault{eofIsError: true}),
		},
		{
			Name: "returns nil, whatever happened to the reader", Case: "vanishes",
			Message: "the connection was reset: what does Serve return?",
			Subject: wrong(fault{forgetsReadError: true}),
		},
		{
			Name: "does not look at what Write returns", Case: "write-fails",
			Message: "a Write has failed, and the user is silent",
			Subject: wrong(fault{ignoresWriteError: true}),
		},
		{
			Name: "leaves the reader alone after a Write that failed", Case: "write-fails",
			Message: "Serve has returned, and a Read still waits",
			Subject: wrong(fault{writeErrorLeaves: true}),
		},
		{
			Name: "returns, and leaves the reader alone", Case: "room-ends",
			Message: "Serve has returned, and a Read still waits",
			Subject: wrong(fault{leavesReader: true}),
		},
		{
			Name: "closes the connection to wake the reader", Case: "room-ends",
			Message: "the caller writes a last word",
			Subject: wrong(fault{closes: true}),
		},
		{
			Name: "goes on without messages when there are no more", Case: "room-ends",
			Message: "Serve has not returned",
			Subject: wrong(fault{goesOn: true}),
		},
		{
			Name: "takes what a closed channel gives for messages", Case: "room-ends",
			Message: "messages was closed",
			Subject: wrong(fault{zeroes: true}),
		},
		{
			Name: "wakes a Read, and forgets a reader that hands over a line", Case: "room-ends-talking",
			Message: "left behind", Sometimes: []string{"write-fails", "room-ends"},
			Subject: wrong(fault{noDrain: true}),
		},
		{
			Name: "wakes a Read, and waits for a reader that waits for it", Case: "room-ends-talking",
			Message: "Serve has not returned",
			Subject: wrong(fault{waitsOnly: true}),
		},
	}, lesson.JudgeInBubble[serveFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	readerSays, writesAside, doneChannel, eofIsError, forgetsReadError, ignoresWriteError, writeErrorLeaves bool
	leavesReader, closes, goesOn, zeroes, noDrain, waitsOnly                                                bool

	room int // of the channel
}

// wrong is right but for its fault. Its reader has a second thing to wait for: the loop's end.
func wrong(f fault) serveFunc {
	return func(conn net.Conn, messages <-chan string, say func(line string)) error {
		a := &answer{
			fault: f, conn: conn, say: say,
			lines: make(chan string, f.room), done: make(chan struct{}), over: make(chan struct{}),
		}
		go a.read()
		err := a.loop(messages)
		a.writing.Wait()
		if f.leavesReader || f.writeErrorLeaves && err != nil {
			return err
		}
		if !f.noDrain && !f.waitsOnly {
			close(a.over)
		}
		if f.closes {
			conn.Close()
		}
		conn.SetReadDeadline(time.Unix(1, 0))
		if !f.noDrain {
			<-a.done
		}
		return err
	}
}

type answer struct {
	fault
	conn    net.Conn
	say     func(line string)
	lines   chan string
	done    chan struct{} // closed when the reader has ended
	over    chan struct{} // closed when the loop has
	readErr error
	writing sync.WaitGroup
}

func (a *answer) read() {
	defer close(a.done)
	if !a.doneChannel {
		defer close(a.lines)
	}
	scanner := bufio.NewScanner(a.conn)
	for scanner.Scan() {
		if a.readerSays {
			a.say(scanner.Text())
			continue
		}
		select {
		case a.lines <- scanner.Text():
		case <-a.over:
			return
		}
	}
	a.readErr = scanner.Err()
	switch {
	case a.readErr == nil && a.eofIsError:
		a.readErr = io.EOF
	case a.forgetsReadError:
		a.readErr = nil
	}
}

func (a *answer) loop(messages <-chan string) error {
	var done chan struct{}
	if a.doneChannel {
		done = a.done
	}
	for {
		select {
		case line, ok := <-a.lines:
			if !ok {
				return a.readErr
			}
			a.say(line)
		case <-done:
			return a.readErr
		case message, ok := <-messages:
			switch {
			case !ok && a.goesOn:
				messages = nil
			case !ok && !a.zeroes:
				return nil
			default:
				if err := a.write(message); err != nil {
					return err
				}
			}
		}
	}
}

func (a *answer) write(message string) error {
	if a.writesAside {
		a.writing.Go(func() { a.conn.Write([]byte(message + "\n")) })
		return nil
	}
	_, err := a.conn.Write([]byte(message + "\n"))
	if a.ignoresWriteError {
		return nil
	}
	return err
}

// look writes a message if there is one. It reports false when there will be no more.
func look(conn net.Conn, messages <-chan string) (more bool, err error) {
	select {
	case message, ok := <-messages:
		if !ok {
			return false, nil
		}
		_, err = conn.Write([]byte(message + "\n"))
	default:
	}
	return true, err
}

// scans is BrokenServe with a Scanner.
func scans(conn net.Conn, messages <-chan string, say func(line string)) error {
	for {
		if more, err := look(conn, messages); !more || err != nil {
			return err
		}
		conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		scanner := bufio.NewScanner(conn) // one that has seen an error is at its end
		for scanner.Scan() {
			say(scanner.Text())
		}
		if !errors.Is(scanner.Err(), os.ErrDeadlineExceeded) {
			return scanner.Err()
		}
	}
}

// rounds starts a read in each round, and forgets it when a message comes first.
func rounds(conn net.Conn, messages <-chan string, say func(line string)) error {
	for {
		type result struct {
			line string
			err  error
		}
		read := make(chan result, 1)
		go func() {
			line, err := bufio.NewReader(conn).ReadString('\n')
			read <- result{line, err}
		}()
		select {
		case r := <-read:
			switch {
			case r.err == io.EOF:
				return nil
			case r.err != nil:
				return r.err
			}
			say(strings.TrimSuffix(r.line, "\n"))
		case message, ok := <-messages:
			if !ok {
				return nil
			}
			if _, err := conn.Write([]byte(message + "\n")); err != nil {
				return err
			}
		}
	}
}

// takesTurns has no deadline.
func takesTurns(conn net.Conn, messages <-chan string, say func(line string)) error {
	for scanner := bufio.NewScanner(conn); ; {
		if more, err := look(conn, messages); !more || err != nil {
			return err
		}
		if !scanner.Scan() {
			return scanner.Err()
		}
		say(scanner.Text())
	}
}
