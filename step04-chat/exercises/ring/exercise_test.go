package ring_test

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
	"example.com/async/step04-chat/broadcast/broadcasttest"
	"example.com/async/step04-chat/exercises/ring"
)

// The step's own cases, and one more: those with several goroutines use Recv and Close.
var cases = append(lesson.Pick(broadcasttest.Cases(),
	"ring-empty", "ring-everybody", "ring-newcomer", "ring-counts", "ring-exactly-full", "ring-rounded-up", "ring-never-blocks",
	"lag-told", "lag-goes-on", "lag-each-gap", "lag-per-receiver", "value-overwritten", "ring-random"),
	lesson.Case[broadcasttest.Subject]{
		Name:   "ring-together",
		Rule:   "when many send and receive at the same time, what a receiver got and what it was told to have missed is all that was sent",
		Source: "The Go Memory Model; broadcasttest, stress-conservation",
		Hint:   "TryRecv reads what Send writes, and a receiver's position changes with it: one mutex for the ring and all its receivers",
		Check:  together,
	})

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, answer(func(capacity int) sendRing { return theirs{ring.New(capacity)} }), lesson.JudgeInBubble[broadcasttest.Subject])
}

// A sendRing is what the learner writes.
type sendRing interface {
	Send(v any) (receivers int)
	subscribe() receiver
}

type receiver interface{ TryRecv() (any, error) }

type theirs struct{ *ring.Ring }

func (r theirs) subscribe() receiver { return r.Subscribe() }

// answer gives a ring the methods that these cases use.
func answer(newRing func(capacity int) sendRing) broadcasttest.Subject {
	return func(capacity int) (broadcasttest.Sender, broadcasttest.Receiver) {
		s := sender{ring: newRing(capacity)}
		return s, s.Subscribe()
	}
}

type sender struct {
	broadcasttest.Sender // nil: for the methods that no case calls
	ring                 sendRing
}

func (s sender) Send(v any) (int, error) { return s.ring.Send(v), nil }
func (s sender) Subscribe() broadcasttest.Receiver {
	return tryReceiver{receiver: s.ring.subscribe()}
}

type tryReceiver struct {
	broadcasttest.Receiver // nil, too
	receiver               receiver
}

func (r tryReceiver) TryRecv() (any, error) { return r.receiver.TryRecv() }

func together(t lesson.T, subject broadcasttest.Subject) {
	const senders, receivers, each = 3, 3, 500
	for _, capacity := range []int{2, 64, senders * each} {
		sender, first := subject(capacity)
		all := []broadcasttest.Receiver{first}
		for len(all) < receivers {
			all = append(all, sender.Subscribe())
		}
		var sending, receiving sync.WaitGroup
		var looks atomic.Int64 // how many TryRecvs have begun: Sends may fall into the middle of them
		for range senders {
			sending.Go(func() {
				for v := range each {
					if v%8 == 0 {
						awaitLook(&looks)
					}
					sender.Send(v)
				}
			})
		}
		sent := make(chan struct{})
		seen := make([]string, receivers)
		for i, r := range all {
			receiving.Go(func() { seen[i] = drain(r, &looks, sent) })
		}
		sending.Wait()
		close(sent)
		receiving.Wait()
		for i := range seen {
			require.Equal(t, fmt.Sprint(senders*each, " values"), seen[i],
				"%d goroutines send %d values each, and 3 receive, through a ring of %d: what has receiver %d received, and what it was told to have missed added?",
				senders, each, capacity, i)
		}
	}
}

// awaitLook lets somebody receive before more is sent: else all might be one large gap. It doesn't
// wait for ever for a TryRecv that hangs.
func awaitLook(looks *atomic.Int64) {
	before := looks.Load()
	for range 1000 {
		if looks.Load() != before {
			return
		}
		runtime.Gosched()
	}
}

// drain receives until all was sent and nothing is left, and says how much that was.
func drain(r broadcasttest.Receiver, looks *atomic.Int64, sent <-chan struct{}) string {
	seen := 0
	for last := false; ; {
		looks.Add(1)
		_, err := r.TryRecv()
		lagged, isLagged := errors.AsType[*broadcast.LaggedError](err)
		switch {
		case isLagged:
			seen += int(lagged.Missed)
		case err == nil:
			seen++
		case last:
			return fmt.Sprint(seen, " values")
		default:
			// Nothing there may have been true only before the last Send: look once more after it.
			select {
			case <-sent:
				last = true
			default:
				runtime.Gosched()
			}
		}
	}
}
