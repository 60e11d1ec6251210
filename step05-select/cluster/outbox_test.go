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

func TestOutbox_sendsAgainWhatIsNotKnownToHaveArrived(t *testing.T) {
	b := newOutbox()
	for _, subject := range []string{"1", "2", "3"} {
		b.put(outgoing{subject: subject})
	}
	require.Equal(t, []string{"1", "2"}, subjectsOf(b.next(1, 2)))
	place, conn, ok := b.mark()
	require.True(t, ok)
	require.Equal(t, []string{"3"}, subjectsOf(b.next(1, 2)))
	b.arrived(place, conn)
	require.Equal(t, 1, b.len())

	require.Equal(t, []string{"3"}, subjectsOf(b.next(2, 2)), "on the next connection")
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
	require.Len(t, b.next(1, 9), 2)
	b.put(outgoing{subject: "hello", fleeting: true})
	require.Equal(t, []string{"said", "hello"}, subjectsOf(b.next(2, 9)))
}

func TestOutbox_isBounded(t *testing.T) {
	b := newOutbox()
	dropped := 0
	for i := range maxOutgoing + 10 {
		dropped += b.put(outgoing{subject: fmt.Sprint(i)})
	}
	require.Equal(t, 10, dropped)
	require.Equal(t, []string{"10"}, subjectsOf(b.next(1, 1)))

	b = newOutbox()
	b.put(outgoing{subject: "sent"})
	b.next(1, 1)
	require.Zero(t, b.put(outgoing{subject: "large", data: make([]byte, maxOutgoingBytes)}))
	require.Equal(t, 1, b.put(outgoing{subject: "one more", data: []byte("x")}), "what was sent is not known to be lost")
	require.Equal(t, []string{"one more"}, subjectsOf(b.next(1, 9)))
}
