package hub

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// Faults in the code itself, one place each. Servers that are wrong in ways that their clients see are in selecttest's museum.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "looks, and then says that it waits", File: "member.go",
			Old: "return m.pending() // it may", New: "return false // it may",
			Test: "TestPollReady_losesNoWakeUp", Message: "lost wake-up",
		},
		{
			Name: "waits once more with each look", File: "bell.go",
			Old: "if s.waker == nil {", New: "if true {",
			Test: "TestBell_keepsEachSeatOnce", Message: "should have 1 item(s)",
		},
		{
			Name: "keeps a name that is given back", File: "hub.go",
			Old: "\tdelete(h.names, name.key)\n", New: "",
			Test: "TestHub_givesANameBack", Message: "who was called that is called something else now",
		},
		{
			Name: "looks whether a name is free, and later takes it", File: "hub.go",
			Old: "\th.names[key] = m\n\treturn nil\n", New: "\tfor range 50_000 {\n\t\th.mu.Unlock()\n\t\th.mu.Lock()\n\t}\n\th.names[key] = m\n\treturn nil\n",
			Test: "TestHub_givesANameToOneOfMany", Message: "two have names that are alike",
		},
		{
			Name: "keeps a name for one who has left", File: "hub.go",
			Old: "\t\th.config.Link.Release(key)\n", New: "",
			Test: "TestLink_answersWhenTheMemberHasLeft", Message: "who wanted the name has left",
		},
		{
			Name: "gives a name that was taken away meanwhile", File: "hub.go",
			Old: "if h.names[key] != m {", New: "if false {",
			Test: "TestLink_takesANameAwayThatIsBeingChanged", Message: "the name is somebody else's on another server",
		},
		{
			Name: "keeps rooms that everybody has left", File: "hub.go",
			Old: "	if left == 0 {", New: "	if left < 0 {",
			Test: "TestHub_forgetsARoomWithItsLastMember", Message: "only the last room has somebody in it",
		},
		{
			Name: "tells a new name in a room that was left meanwhile", File: "ask.go",
			Old: "before this one\n\tm.changing.Lock()\n\tdefer m.changing.Unlock()\n", New: "before this one\n",
			Test: "TestRoom_isToldAStoryThatCanBeTrue", Message: "who was not there",
		},
		{
			Name: "tells the last message once more", File: "history.go",
			Old: "m.ID > id", New: "m.ID >= id",
			Test: "TestEntry_sinceTellsOnlyWhatIsNew", Message: "is the last that it has seen",
		},
		{
			Name: "lets others talk between the place and the history", File: "room.go",
			Old: "\tearlier = r.history.since(", New: "\tfor range 50_000 {\n\t\tr.mu.Unlock()\n\t\tr.mu.Lock()\n\t}\n\tearlier = r.history.since(",
			Test: "TestHub_losesNothingBetweenHistoryAndNews", Message: "is each there once, in order?",
		},
		{
			Name: "counts by the clock alone", File: "room.go",
			Old: "max(r.lastID+1, uint64(told.UnixMicro()))", New: "uint64(told.UnixMicro())",
			Test: "TestMember_hearsAllInOneOrderWithGrowingIDs", Message: "is not greater than",
		},
		{
			Name: "gives everybody what they say themselves", File: "room.go",
			Old: "from == nil || e.Spoken() && from.member.echo", New: "from == nil || e.Spoken()",
			Test: "TestMember_missesWhatOthersSaidAndNotItsOwn", Message: "you missed 6 messages",
		},
		{
			Name: "takes a room for small whose people are on other servers", File: "room.go",
			Old: "here+elsewhere", New: "here+0*elsewhere",
			Test: "TestRoom_gathersWhoComesOnOtherServers", Message: "the room is large, though few of its people are here",
		},
		{
			Name: "tells a newcomer of itself", File: "room.go",
			Old: "r.announce(told.of, told.last)", New: "r.announce(nil, told.last)",
			Test: "TestRoom_tellsOneMovementAsInASmallRoom", Message: "it knows that it has come",
		},
		{
			Name: "lets whispers pile up", File: "inbox.go",
			Old: "b.whispers == maxWhispers || ", New: "",
			Test: "TestWhisper_isRefusedWhenTooManyWait", Message: "does not read at the moment",
		},
		{
			Name: "counts whispers, and not how long they are", File: "inbox.go",
			Old: " || b.weight >= maxWeight", New: "",
			Test: "TestInbox_refusesWhispersThatAreTooMuch", Message: "bytes that wait for one who does not read",
		},
		{
			Name: "makes others wait for one that takes nothing any more", File: "member.go",
			Old: "\tr.pace.Leave(m.seat)\n", New: "",
			Test: "TestMember_finishesWithWhatIsPending", Message: "nobody waits for one that takes nothing any more",
		},
	})
}
