package reactor

import (
	"testing"

	"example.com/async/internal/lesson"
)

// The classic faults of a reactor: each is a change of a line or two, and each is caught.
func TestChanges(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "forgets an event that came during the system call", File: "side_linux.go",
			Old: "s.tick != began", New: "began > s.tick",
			Test:    "TestSource_keepsAnEventThatComesBetweenTheCallAndItsEnd",
			Message: "there are bytes, and nobody knows of them",
		},
		{
			Name: "never forgets an event", File: "side_linux.go",
			Old: "s.ready, s.final = false, false", New: "s.final = false",
			Test:    "TestSide_remembersAnEventUntilACallWouldBlock",
			Message: "Should be false",
		},
		{
			Name: "forgets the FIN that came with the last bytes", File: "side_linux.go",
			Old: "s.final = s.final || final", New: "s.final = false",
			Test:    "TestSide_keepsTheEndOfTheStreamThroughAShortRead",
			Message: "the end of the stream is never seen",
		},
		{
			Name: "keeps the first waker", File: "source_linux.go",
			Old: "side.waker = cx.Waker()", New: "if side.waker == nil {\n\t\t\tside.waker = cx.Waker()\n\t\t}",
			Test:    "TestSource_wakesTheLastWakerOfADirection",
			Message: "Not equal",
		},
		{
			Name: "has one waker for both directions", File: "source_linux.go",
			Old: "side.waker = cx.Waker()", New: "s.sides[Read].waker, s.sides[Write].waker = cx.Waker(), cx.Waker()",
			Test:    "TestSource_wakesNobodyForTheOtherDirection",
			Message: "bytes came",
		},
		{
			Name: "ignores a hang-up", File: "source_linux.go",
			Old: "broken := events&(unix.EPOLLHUP|unix.EPOLLERR) != 0", New: "broken := false",
			Test:    "TestSource_wakesWhomAnEventConcerns",
			Message: "is the reader woken?",
		},
		{
			Name: "tells slots apart, but not their owners", File: "slots_linux.go",
			Old: "s.generation == generation", New: "generation < 1<<31",
			Test:    "TestSource_whoseEventWasFetchedBeforeItsCloseWakesNobodyElse",
			Message: "an event of the old owner",
		},
		{
			Name: "is level-triggered", File: "epoll_linux.go",
			Old: " | unix.EPOLLET", New: "",
			Test:    "TestPark_tellsEachChangeOnce",
			Message: "they are level-triggered",
		},
		{
			Name: "closes a descriptor that a system call uses", File: "source_linux.go",
			Old: "return s.closed && s.users == 0", New: "return s.closed && s.users <= 1",
			Test:    "TestClose_keepsTheDescriptorAsLongAsACallUsesIt",
			Message: "its number could be another connection's",
		},
		{
			Name: "closes twice", File: "source_linux.go",
			Old: "\t\treturn net.ErrClosed\n\t}\n\ts.closed = true", New: "\t\tunix.Close(int(s.fd))\n\t\treturn net.ErrClosed\n\t}\n\ts.closed = true",
			Test:    "TestClose_twiceDoesNotCloseTheNextOwnersDescriptor",
			Message: "has closed the descriptor of the connection that came next",
		},
		{
			Name: "leaves those asleep who wait for what is closed", File: "source_linux.go",
			Old: "wake(reader)\n\twake(writer)", New: "_, _ = reader, writer",
			Test:    "TestClose_wakesWhoeverWaits",
			Message: "Not equal",
		},
		{
			Name: "lowers the flag before it reads the eventfd", File: "park_linux.go",
			// The window is some 100 ns, and is hit once in a great many Unparks. The pause
			// keeps it open, so that the test need not run for hours.
			Old:     "\t_, _ = unix.Read(e.eventfd, counter[:])\n\te.unparked.Store(false)\n",
			New:     "\te.unparked.Store(false)\n\ttime.Sleep(time.Microsecond)\n\t_, _ = unix.Read(e.eventfd, counter[:])\n",
			Test:    "TestUnpark_isNeverLost",
			Message: "Park sleeps",
		},
		{
			Name: "keeps a deadline that is too late", File: "park_linux.go",
			Old: "deadline.Before(e.deadline)", New: "deadline.Equal(e.deadline)",
			Test:    "TestPark_obeysAShorterLimitAfterALongOne",
			Message: "it sleeps for the hour of the Park before",
		},
	})
}
