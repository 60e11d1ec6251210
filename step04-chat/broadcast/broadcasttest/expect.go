package broadcasttest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// A story is one channel with one receiver, and what has been done with them so far: a failure tells it.
type story struct {
	t        lesson.T
	sender   Sender
	receiver Receiver
	soFar    []string
}

// An act is one step of a story.
type act func(s *story)

// play makes a channel and does the acts with it, one after the other.
func play(t lesson.T, subject Subject, capacity int, acts ...act) {
	t.Helper()
	s := &story{t: t, soFar: []string{fmt.Sprintf("New(%d)", capacity)}}
	s.sender, s.receiver = subject(capacity)
	for _, a := range acts {
		a(s)
	}
}

func (s *story) tell(format string, args ...any) {
	s.soFar = append(s.soFar, fmt.Sprintf(format, args...))
}

func (s *story) String() string { return strings.Join(s.soFar, "; ") }

// sends sends the numbers from first to last.
func sends(first, last int) act {
	return func(s *story) {
		s.tell("Send %d to %d", first, last)
		send(s.t, s.sender, first, last)
	}
}

// gets expects that the numbers from first to last are received, in this order.
func gets(first, last int, sentence string) act {
	return func(s *story) {
		s.tell("receive %d to %d", first, last)
		for want := first; want <= last; want++ {
			v, err := s.receiver.TryRecv()
			expectResult(s.t, result{want, nil}, result{v, err}, "%s\n%v", sentence, s)
		}
	}
}

// lags expects that the receiver is told that it has missed n.
func lags(n uint64, sentence string) act {
	return func(s *story) {
		s.tell("be told of %d missed", n)
		v, err := s.receiver.TryRecv()
		expectResult(s.t, result{nil, &broadcast.LaggedError{Missed: n}}, result{v, err}, "%s\n%v", sentence, s)
	}
}

// finds expects an error.
func finds(want error, sentence string) act {
	return func(s *story) {
		s.tell("receive nothing (%v)", want)
		v, err := s.receiver.TryRecv()
		expectResult(s.t, result{nil, want}, result{v, err}, "%s\n%v", sentence, s)
	}
}

// ends closes the sender.
func ends() act {
	return func(s *story) {
		s.tell("close the sender")
		s.sender.Close()
	}
}

// A result is what a Recv returned.
type result struct {
	Value any
	Err   error
}

func (r result) String() string {
	if r.Err != nil {
		return fmt.Sprintf("the error %q", r.Err)
	}
	return fmt.Sprintf("the value %v", r.Value)
}

// expectResult fails the case, with the sentence, if a Recv has returned something else than it should.
func expectResult(t lesson.T, want, got result, sentence string, args ...any) {
	t.Helper()
	if !assert.ObjectsAreEqual(want, got) {
		require.Fail(t, fmt.Sprintf("expected: %v\nreceived: %v", want, got), append([]any{sentence}, args...)...)
	}
}

// send sends the numbers from first to last.
func send(t lesson.T, s Sender, first, last int) {
	t.Helper()
	for v := first; v <= last; v++ {
		_, err := s.Send(v)
		require.NoError(t, err, "Send(%d) failed, and there is a receiver", v)
	}
}

// expect receives once and fails the case, with the sentence, if it is not this.
func expect(t lesson.T, r Receiver, want any, wantErr error, sentence string, args ...any) {
	t.Helper()
	v, err := r.TryRecv()
	expectResult(t, result{want, wantErr}, result{v, err}, sentence, args...)
}
