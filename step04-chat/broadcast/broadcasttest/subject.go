package broadcasttest

import (
	"context"
	"slices"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// A Subject makes a broadcast channel with its first sender and receiver. It is what the cases judge.
type Subject func(capacity int) (Sender, Receiver)

// A Sender is what the cases use of a [broadcast.Sender]. It returns the errors of that package.
type Sender interface {
	Send(v any) (receivers int, err error)
	Subscribe() Receiver
	Clone() Sender
	Close()
	NoReceivers() <-chan struct{}
	Len() int
	Receivers() int
	Senders() int
}

// A Receiver is what the cases use of a [broadcast.Receiver]. It returns the errors of that package.
type Receiver interface {
	TryRecv() (any, error)
	Recv(ctx context.Context) (any, error)
	Ready() <-chan struct{}
	Resubscribe() Receiver
	Len() int
	Close()
}

// Cases are the properties of a broadcast channel.
func Cases() []lesson.Case[Subject] {
	return slices.Concat(ringCases, lagCases, valueCases, endCases, waitCases, readyCases, countCases, stressCases)
}

// Reference is the Subject that passes: package broadcast itself.
func Reference(capacity int) (Sender, Receiver) {
	s, r := broadcast.New[any](capacity)
	return sender{s}, receiver{r}
}

type sender struct{ *broadcast.Sender[any] }

func (s sender) Subscribe() Receiver { return receiver{s.Sender.Subscribe()} }
func (s sender) Clone() Sender       { return sender{s.Sender.Clone()} }

type receiver struct{ *broadcast.Receiver[any] }

func (r receiver) Resubscribe() Receiver { return receiver{r.Receiver.Resubscribe()} }
