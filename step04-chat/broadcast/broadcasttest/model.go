package broadcasttest

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast"
)

// A model is a broadcast channel as simple as it gets: all values that were ever sent, in a list, and
// for each receiver how many of them it is past.
type model struct {
	size      int
	sent      []int
	receivers []*modelReceiver
}

type modelReceiver struct {
	next     int
	receiver Receiver
}

// tryRecv is what TryRecv must return.
func (m *model) tryRecv(r *modelReceiver) (result result) {
	oldest := max(0, len(m.sent)-m.size)
	switch {
	case r.next < oldest:
		result.Err = &broadcast.LaggedError{Missed: uint64(oldest - r.next)}
		r.next = oldest
	case r.next < len(m.sent):
		result.Value = m.sent[r.next]
		r.next++
	default:
		result.Err = broadcast.ErrEmpty
	}
	return result
}

// senderLen is what Sender.Len must return.
func (m *model) senderLen() (n int) {
	for _, r := range m.receivers {
		n = max(n, min(m.size, len(m.sent)-r.next))
	}
	return n
}

// playRandom does random things with a channel and compares each answer with the model's. Without
// counts it uses Send, Subscribe and TryRecv alone.
func playRandom(t lesson.T, subject Subject, seed uint64, counts bool) {
	random := rand.New(rand.NewPCG(seed, 0))
	capacity := 1 + random.IntN(9)
	m := &model{size: 1 << bits.Len(uint(capacity-1))}
	sender, first := subject(capacity)
	m.receivers = []*modelReceiver{{receiver: first}}
	for range 1000 {
		where := fmt.Sprintf("capacity %d, %d sent, seed %d", capacity, len(m.sent), seed)
		switch op := random.IntN(20); {
		case op < 8:
			v := len(m.sent)
			n, err := sender.Send(v)
			if len(m.receivers) == 0 {
				require.ErrorIs(t, err, broadcast.ErrNoReceivers, "%s: nobody is there to receive", where)
				break
			}
			require.NoError(t, err, where)
			require.Equal(t, len(m.receivers), n, "%s: how many receivers Send has counted", where)
			m.sent = append(m.sent, v)
		case op < 9 && len(m.receivers) < 5:
			m.receivers = append(m.receivers, &modelReceiver{next: len(m.sent), receiver: sender.Subscribe()})
		case op < 10 && len(m.receivers) > 0 && counts:
			i := random.IntN(len(m.receivers))
			m.receivers[i].receiver.Close()
			m.receivers = slices.Delete(m.receivers, i, i+1)
		case len(m.receivers) > 0:
			r := m.receivers[random.IntN(len(m.receivers))]
			position := r.next
			v, err := r.receiver.TryRecv()
			expectResult(t, m.tryRecv(r), result{v, err}, "%s: a receiver that is past the first %d", where, position)
		}
		if counts {
			require.Equal(t, m.senderLen(), sender.Len(), "%s: Sender.Len, how many values somebody still has to see", where)
			require.Equal(t, len(m.receivers), sender.Receivers(), "%s: Sender.Receivers", where)
			for _, r := range m.receivers {
				require.Equal(t, len(m.sent)-r.next, r.receiver.Len(), "%s: Receiver.Len of one that is past the first %d", where, r.next)
			}
		}
	}
}
