package reactor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/futuretest"
)

func TestSide_remembersAnEventUntilACallWouldBlock(t *testing.T) {
	var s side
	require.False(t, s.worthTrying())
	s.event(false)
	require.True(t, s.worthTrying())
	s.outcome(MayGoOn, s.tick)
	require.True(t, s.worthTrying(), "a call that did all that it was asked for says nothing about the next one")
	s.outcome(WouldBlock, s.tick)
	require.False(t, s.worthTrying())
}

func TestSide_isEmptyAfterAShortCall(t *testing.T) {
	var s side
	s.event(false)
	s.outcome(CameShort, s.tick)
	require.False(t, s.worthTrying(), "one system call more for each read")
}

func TestSide_keepsAnEventThatCameDuringTheCall(t *testing.T) {
	for _, outcome := range []Outcome{CameShort, WouldBlock} {
		var s side
		s.event(false)
		began := s.tick
		s.event(false) // after the system call has looked, before its outcome is noted
		s.outcome(outcome, began)
		require.True(t, s.worthTrying(), "the event is lost, and no other will come")
	}
}

func TestSide_keepsTheEndOfTheStreamThroughAShortRead(t *testing.T) {
	var s side
	s.event(true) // the last bytes and the FIN, in one event
	s.outcome(CameShort, s.tick)
	require.True(t, s.worthTrying(), "the last bytes were read, and the end of the stream is never seen")
}

func TestSide_waitsWhenTheKernelSaysSoAlsoAfterAHangUp(t *testing.T) {
	var s side
	s.event(true)
	s.outcome(WouldBlock, s.tick)
	require.False(t, s.worthTrying(), "the caller would try again at once, for ever")
}

func TestSide_givesItsWakerAwayOnce(t *testing.T) {
	var s side
	s.waker = new(futuretest.Waker)
	require.NotNil(t, s.event(false))
	require.Nil(t, s.event(false), "one who does not wait any more was woken")
}
