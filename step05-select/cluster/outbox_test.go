package cluster

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func subjectsOf(batch []outgoing) (subjects []string) {
	for _, m := range batch {
		subjects = append(subjects, m.subject)
	}
	return subjects
}

// send is what the sender does: it takes the next messages, and has given them to the connection.
func send(b *outbox, conn uint64, most int) []string {
	batch, place := b.next(conn, most)
	b.sentUntil(place + uint64(len(batch)))
	return subjectsOf(batch)
}

func TestOutbox_sendsAgainWhatIsNotKnownToHaveArrived(t *testing.T) {
	b := newOutbox()
	for _, subject := range []string{"1", "2", "3"} {
		b.put(outgoing{subject: subject})
	}
	require.Equal(t, []string{"1", "2"}, send(b, 1, 2))
	place, conn, ok := b.mark()
	require.True(t, ok)
	require.Equal(t, []string{"3"}, send(b, 1, 2))
	b.arrived(place, conn)
	require.Equal(t, 1, b.len())

	require.Equal(t, []string{"3"}, send(b, 2, 2), "on the next connection")
	b.arrived(place+1, conn)
	require.Equal(t, 1, b.len(), "what an earlier connection has answered says nothing")
	place, conn, _ = b.mark()
	b.arrived(place, conn)
	require.Zero(t, b.len())
	_, _, ok = b.mark()
	require.False(t, ok)
}

func TestOutbox_doesNotSendAgainWhatIsToldAnywayLater(t *testing.T) {
	b := newOutbox()
	b.put(outgoing{subject: "beat", fleeting: true})
	b.put(outgoing{subject: "said"})
	require.Len(t, send(b, 1, 9), 2)
	b.put(outgoing{subject: "hello", fleeting: true})
	require.Equal(t, []string{"said", "hello"}, send(b, 2, 9))
}

// NATS is asked what it has got while the next messages are being given to the connection, one by one. Those that the connection
// has not got when NATS answers must not be forgotten: it can break before it gets them.
func TestOutbox_keepsWhatIsOnlyAboutToBeSent(t *testing.T) {
	b := newOutbox()
	b.put(outgoing{subject: "1"})
	b.put(outgoing{subject: "2"})
	batch, place := b.next(1, 9)
	require.Len(t, batch, 2)
	_, _, ok := b.mark()
	require.False(t, ok, "nothing was sent yet")

	b.sentUntil(place + 1) // then the connection breaks
	answered, conn, ok := b.mark()
	require.True(t, ok)
	b.arrived(answered, conn)
	require.Equal(t, []string{"2"}, send(b, 2, 9))
}

// What is dropped while it is being sent moves the places of the others.
func TestOutbox_knowsWhatWasSentWhenTheOldestAreDropped(t *testing.T) {
	b := newOutbox()
	for i := range maxOutgoing {
		b.put(outgoing{subject: fmt.Sprint(i)})
	}
	batch, place := b.next(1, 3)
	b.put(outgoing{subject: "one more"})
	b.sentUntil(place + uint64(len(batch)))
	require.Equal(t, []string{"3"}, send(b, 1, 1))

	batch, place = b.next(1, 1)
	for i := range maxOutgoing {
		b.put(outgoing{subject: fmt.Sprint("later ", i)})
	}
	b.sentUntil(place + uint64(len(batch)))
	require.Equal(t, []string{"later 0"}, send(b, 1, 1))
}

func TestOutbox_isBounded(t *testing.T) {
	b := newOutbox()
	dropped := 0
	for i := range maxOutgoing + 10 {
		dropped += b.put(outgoing{subject: fmt.Sprint(i)})
	}
	require.Equal(t, 10, dropped)
	require.Equal(t, []string{"10"}, send(b, 1, 1))

	b = newOutbox()
	b.put(outgoing{subject: "sent"})
	send(b, 1, 1)
	require.Zero(t, b.put(outgoing{subject: "large", data: make([]byte, maxOutgoingBytes)}))
	require.Equal(t, 1, b.put(outgoing{subject: "one more", data: []byte("x")}), "what was sent is not known to be lost")
	require.Equal(t, []string{"one more"}, send(b, 1, 9))
}
