package client_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// Faults in the code itself, one place each. Faults of a whole server are in selecttest's museum.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "does not wait for the answer to the line before", File: "hear.go",
			Old: "c.over || c.member.Answered()", New: "c.over",
			Test: "TestHear_waitsUntilAnAnswerWasTaken", Message: "an answer waits",
		},
		{
			Name: "hears nothing in a flood", File: "hear.go",
			Old: "i > 0 && c.member.Behind()", New: "i >= 0 && c.member.Behind()",
			Test: "TestHear_hearsWhoIsInAFlood", Message: "in a flood not even every second look at it takes a line",
		},
		{
			Name: "hears a whole turn in a flood", File: "hear.go",
			Old: "i > 0 && c.member.Behind()", New: "i < 0 && c.member.Behind()",
			Test: "TestHear_hearsWhoIsInAFlood", Message: "more than a line at a time, while it has much to read",
		},
		{
			Name: "does not wait for those who have fallen behind", File: "hear.go",
			Old: "c.member.TooFast() || ", New: "",
			Test: "TestHear_waitsUntilOthersHaveCaughtUp", Message: "somebody has nine messages to read",
		},
		{
			Name: "takes a half line for one after an error", File: "hear.go",
			Old: "ok && err == nil", New: "ok",
			Test: "TestEnd_comesLastAndOnce/nothing_can_be_read_any_more", Message: "what it said, and that alone",
		},
		{
			Name: "moves to the next room before the old one is told", File: "../hub/room.go",
			Old: "if !m.gone {", New: "if m.gone {",
			Test: "TestTell_givesTheRestOfARoomBeforeTheNextRoom", Message: "you are in #go",
		},
		{
			Name: "writes all at once that is the client's own", File: "tell.go",
			Old: "if !more || len(dst) >= full {", New: "if !more {",
			Test: "TestTell_tellsAHistoryInPieces", Message: "bytes in one write",
		},
		{
			Name: "writes down what can't be written yet", File: "tell.go",
			Old: "\tdst, all := c.appendOwn(dst, full)\n", New: "\tall := true\n\tc.pings, _ = c.appendOwn(nil, 1<<30)\n\tdst, c.pings = append(dst, c.pings[:min(len(c.pings), fullWrite)]...), c.pings[min(len(c.pings), fullWrite):]\n",
			Test: "TestTell_holdsLittleForWhoDoesNotRead/comes_in", Message: "and does not read",
		},
		{
			Name: "tells what is said now before what was said elsewhere", File: "tell.go",
			Old: "c.appendRoom(dst, full, waiting)", New: "c.appendRoom(dst, full, waiting|1<<30)",
			Test: "TestTell_givesWhatWasSaidElsewhereBeforeWhatIsSaidNow", Message: "said before you came",
		},
		{
			Name: "ends when one write is full", File: "tell.go",
			Old: "case !all: //", New: "case !all && !c.over: //",
			Test: "TestEnd_writesAllThatIsPending", Message: "<end>",
		},
		{
			Name: "ends without what is pending", File: "../hub/member.go",
			Old: "messages := m.takeRoom()", New: "var messages []*session.Message",
			Test: "TestEnd_comesLastAndOnce/the_server_stops", Message: "[ear] pending",
		},
		{
			Name: "counts pings that could not be answered", File: "client.go",
			Old: "if c.hungry { // else", New: "if true { // else",
			Test: "TestPing_doesNotCountWhileTheClientIsNotRead", Message: "it has said something that was not heard yet",
		},
		{
			Name: "writes each message down for each client", File: "tell.go",
			Old: "append(dst, m.In(c.codec.Format())...)", New: "append(dst, c.codec.Format().Append(nil, &m.Event)...)",
			Test: "TestTell_allocatesNothing", Message: "allocations for a message that is written down already",
		},
		{
			Name: "takes a token at each look", File: "limit.go",
			Old: "if !l.taken {", New: "if true {",
			Test: "TestLimit_takesOneTokenForALineHoweverOftenItLooks", Message: "the second line's token is due in a second",
		},
		{
			Name: "counts patience through a pause", File: "limit.go",
			Old: "\tcase wait == 0:\n\t\tl.since = time.Time{}\n", New: "\tcase wait == 0:\n",
			Test: "TestLimit_forgivesWhoPauses", Message: "eight seconds are not too much",
		},
		{
			Name: "forgives with the first token", File: "limit.go",
			Old: "float64(l.bucket.Burst())/4", New: "0",
			Test: "TestLimit_refusesWhoTalksTenSecondsWithoutAPause", Message: "lines until its ten seconds were over",
		},
	})
}
