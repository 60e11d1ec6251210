package selecttest

import (
	"slices"
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// The museum: chats with one classic fault each, in rooms, so that a table fits on a page. All are made of the short
// engine. Faults of the engines themselves, which lie in the order of two lines, are in their own packages' museums.

func TestTalkMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(talkCases, commandCases), wrongTalk, lesson.JudgeInBubble[Subject])
}

func TestRoomMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(nameCases, roomCases, historyCases), wrongRooms, lesson.JudgeInBubble[Subject])
}

func TestLineMuseum(t *testing.T) {
	lesson.Museum(t, lineCases, wrongLines, lesson.JudgeInBubble[Subject])
}

func TestSlowMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(slowCases, fairCases), wrongSlow, lesson.JudgeInBubble[Subject])
}

func TestEndMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(leaveCases, stopCases), wrongEnds, lesson.JudgeInBubble[Subject])
}

var wrongTalk = []lesson.Wrong[Subject]{
	{Name: "calls everybody the same", Case: "greeting", Message: "two clients are called", Subject: faulty(fault{sameGuest: true})},
	{Name: "does not say whose a line is", Case: "broadcast", Message: "each of the others must get it", Subject: faulty(fault{noName: true})},
	{Name: "writes only when it is worth it", Case: "broadcast", Message: "no line came", Subject: faulty(fault{neverFlushes: true})},
	{Name: "gives a message to its sender, too", Case: "not-to-the-sender", Message: "a must get the second only", Subject: faulty(fault{toSelf: true})},
	{Name: "gives a message to all rooms", Case: "rooms-apart", Message: "in another room", Subject: faulty(fault{everyRoom: true})},
	{Name: "hands each message out on goroutines of its own", Case: "one-order", Message: "order", Sometimes: []string{"greeting", "broadcast", "not-to-the-sender", "rooms-apart", "one-write", "me", "double-slash", "hints", "help", "whisper", "whisper-nobody", "who", "mute", "ignore"}, Subject: faulty(fault{unordered: true})},
	{Name: "writes each message by itself", Case: "one-write", Message: "were written with", Subject: faulty(fault{writePerMessage: true})},
	{Name: "says what /me does", Case: "me", Message: "said /me waves", Subject: faulty(fault{saysMe: true})},
	{Name: "leaves both slashes", Case: "double-slash", Message: "//etc is full", Subject: faulty(fault{keepsSlashes: true})},
	{Name: "says commands that there are not", Case: "hints", Message: "must be told what to type", Subject: faulty(fault{saysUnknown: true})},
	{Name: "has a list of its commands that is out of date", Case: "help", Message: "lacks a command", Subject: faulty(fault{shortHelp: true})},
	{Name: "whispers to the same room only", Case: "whisper", Message: "who is in another room", Subject: faulty(fault{whispersInRoom: true})},
	{Name: "does not show what was whispered", Case: "whisper", Message: "must see that it has gone", Subject: faulty(fault{noEcho: true})},
	{Name: "drops a whisper to nobody without a word", Case: "whisper-nobody", Message: "somebody who is not there", Subject: faulty(fault{silentNobody: true})},
	{Name: "lists its own room, whatever was asked", Case: "who", Message: "who is in another room", Subject: faulty(fault{whoOfOwnRoom: true})},
	{Name: "mutes what people say", Case: "mute", Message: "but what they say", Subject: faulty(fault{muteHidesAll: true})},
	{Name: "ignores a name only as it is written", Case: "ignore", Message: "a client is ignored", Subject: faulty(fault{ignoreExact: true})},
	{Name: "ignores what is said, and not what is whispered", Case: "ignore", Message: "whispers something", Subject: faulty(fault{ignoreNoWhisper: true})},
}

var wrongRooms = []lesson.Wrong[Subject]{
	{Name: "tells nobody of a new name", Case: "nick", Message: "a client has another name", Subject: faulty(fault{silentRename: true})},
	{Name: "compares names as they are", Case: "nick-taken", Message: "somebody is called Alice", Subject: faulty(fault{exactNames: true})},
	{Name: "folds case, and nothing else", Case: "nick-taken", Message: "somebody is called Alice", Subject: faulty(fault{caseOnly: true})},
	{Name: "takes everything for a name", Case: "nick-refused", Message: "wants to be called", Subject: faulty(fault{anyName: true})},
	{Name: "keeps the old name of who has a new one", Case: "nick-freed", Message: "a name that is free", Subject: faulty(fault{keepsOldName: true})},
	{Name: "keeps the name of who has gone", Case: "nick-freed", Message: "a name that is free", Subject: faulty(fault{keepsGoneName: true})},
	{Name: "looks whether a name is free, and then takes it", Case: "nick-race", Message: "given to so many", Subject: faulty(fault{checkThenAct: true})},
	{Name: "does not tell the old room who has gone", Case: "join-leave", Message: "gone to another room", Subject: faulty(fault{silentMove: true})},
	{Name: "lists rooms by name", Case: "rooms-listed", Message: "in three rooms", Subject: faulty(fault{roomsByName: true})},
	{Name: "keeps rooms that nobody is in", Case: "room-forgotten", Message: "has left them", Subject: faulty(fault{keepsRooms: true})},
	{Name: "keeps who has gone in the room", Case: "room-forgotten", Message: "the room is still there", Subject: faulty(fault{keepsGone: true})},
	{Name: "drops what was pending when a client moves", Case: "old-room-first", Message: "moved to another room", Subject: faulty(fault{dropsOldRoom: true})},
	{Name: "greets first, and then tells what was said in the old room", Case: "old-room-first", Message: "moved to another room", Subject: faulty(fault{lateOldRoom: true})},
	{Name: "tells each of each who comes", Case: "gathered", Message: "got so many notices", Subject: faulty(fault{neverGathers: true})},
	{Name: "does not count the one who starts the clock", Case: "gathered", Message: "how many a client was told of", Subject: faulty(fault{gatherLoses: true})},
	{Name: "remembers nothing", Case: "history", Message: "the room remembers five", Subject: faulty(fault{noHistory: true})},
	{Name: "does not say where the past ends", Case: "history", Message: "the room remembers five", Subject: faulty(fault{unmarked: true})},
	{Name: "looks at the history, and then enters", Case: "history-no-gap", Message: "came while somebody counted", Subject: faulty(fault{gapInHistory: true})},
	{Name: "enters, and then looks at the history", Case: "history-no-gap", Message: "came while somebody counted", Subject: faulty(fault{twiceInHistory: true})},
	{Name: "shows all, however much was asked for", Case: "history-command", Message: "four messages were said", Subject: faulty(fault{wholeHistory: true})},
}

var wrongLines = []lesson.Wrong[Subject]{
	{Name: "takes a Read for a line", Case: "line-ends", Message: "several lines were sent at once", Subject: faulty(fault{aReadIsALine: true})},
	{Name: "gives up a half-read line when a message comes", Case: "half-typed", Message: "what it had typed was lost", Subject: faulty(fault{givesUpRead: true})},
	{Name: "decodes each Read by itself", Case: "runes-whole", Message: "byte by byte", Subject: faulty(fault{decodesReads: true})},
	{Name: "passes bytes on as they are", Case: "invalid-utf8", Message: "which is no UTF-8", Subject: faulty(fault{rawBytes: true})},
	{Name: "passes escape sequences on", Case: "escapes", Message: "reached another client's terminal", Subject: faulty(fault{rawEscapes: true})},
	{Name: "knows the control characters of ASCII only", Case: "escapes", Message: "U+009B", Subject: faulty(fault{rawC1: true})},
	{Name: "takes bidi controls for letters", Case: "escapes", Message: "U+202E", Subject: faulty(fault{rawBidi: true})},
	{Name: "looks at a line's length when it has ended", Case: "line-memory", Message: "the server holds", Subject: faulty(fault{noLimit: true})},
	{Name: "throws a client out for a long line", Case: "line-limit", Message: "must be told", Subject: faulty(fault{cutsLongLines: true})},
	{Name: "refuses a long line without a word", Case: "line-limit", Message: "the client must be told", Subject: faulty(fault{silentLimit: true})},
	{Name: "drops a line without an end", Case: "half-line-at-end", Message: "and then its FIN", Subject: faulty(fault{dropsHalfLine: true})},
	{Name: "says half a letter", Case: "half-line-at-end", Message: "cut in the middle of a letter", Subject: faulty(fault{saysCutRune: true})},
}

var wrongSlow = []lesson.Wrong[Subject]{
	{Name: "waits while a client's queue is full", Case: "stuck-isolation", Message: "one client does not read", Subject: faulty(fault{blockingSend: true})},
	{Name: "writes to the clients with the lock held", Case: "stuck-isolation", Message: "one client does not read", Sometimes: []string{"lag-told", "whisper-stuck", "write-timeout", "slow-stays", "command-in-flood", "message-in-own-flood", "rate-burst", "rate-refused", "rate-pushback", "rate-and-end"}, Subject: faulty(fault{lockedWrite: true})},
	{Name: "drops messages without a word", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{silentLag: true})},
	{Name: "tells its log what a client missed", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagOnServer: true})},
	{Name: "counts one too many", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagOffByOne: true})},
	{Name: "drops all and counts the last time only", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagToNewest: true})},
	{Name: "tells of the gap when it has written the rest", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagAtTheEnd: true})},
	{Name: "counts a client's own messages as missed", Case: "lag-of-others", Message: "was told that it missed", Subject: faulty(fault{countsOwn: true})},
	{Name: "drops whispers without a word", Case: "whisper-stuck", Message: "they can't all be kept", Subject: faulty(fault{silentWhisper: true})},
	{Name: "keeps everything for a client that does not read", Case: "bounded-queue", Message: "the server holds", Subject: faulty(fault{unbounded: true})},
	{Name: "keeps all whispers for a client that does not read", Case: "bounded-queue", Message: "the server holds", Subject: faulty(fault{unboundedInbox: true})},
	{Name: "writes without a deadline", Case: "write-timeout", Message: "still waits for it", Subject: faulty(fault{noDeadline: true})},
	{Name: "cuts a client off whose queue is full", Case: "slow-stays", Message: "reads a line a second", Subject: faulty(fault{cutsSlow: true})},
	{Name: "looks for commands when no message is pending", Case: "command-in-flood", Message: "is not answered", Subject: faulty(fault{messagesFirst: true})},
	{Name: "looks for messages when no answer is pending", Case: "message-in-own-flood", Message: "somebody said hello", Subject: faulty(fault{ownFirst: true})},
	{Name: "lets everybody talk as much as they like", Case: "rate-burst", Message: "ten lines a second are allowed", Subject: faulty(fault{noRate: true})},
	{Name: "refuses what is more than the burst at once", Case: "rate-burst", Message: "pastes a text", Subject: faulty(fault{refusesAtOnce: true})},
	{Name: "waits for a token with the lock held", Case: "rate-burst", Message: "others had to wait", Subject: faulty(fault{waitsWithLock: true})},
	{Name: "refuses without a word", Case: "rate-refused", Message: "it was told that", Subject: faulty(fault{refusesSilently: true})},
	{Name: "delays for ever", Case: "rate-refused", Message: "so many were heard", Subject: faulty(fault{neverRefuses: true})},
	{Name: "reads on, and keeps what it may not hear yet", Case: "rate-pushback", Message: "has read", Subject: faulty(fault{readsAhead: true})},
	{Name: "drops what waits when a client half-closes", Case: "rate-and-end", Message: "and half-closed", Subject: faulty(fault{readsAhead: true, hoardEnds: true})},
}

var wrongEnds = []lesson.Wrong[Subject]{
	{Name: "hears what was typed after /quit", Case: "quit", Message: "a client said /quit", Subject: faulty(fault{hearsAfterQuit: true})},
	{Name: "leaves without goodbye", Case: "quit", Message: "a client said /quit", Subject: faulty(fault{silentQuit: true})},
	{Name: "closes while something is unread", Case: "quit", Message: "connection reset by peer", Subject: faulty(fault{closesUnread: true})},
	{Name: "tells of those only who have left in good order", Case: "left-told", Message: "reset its connection", Subject: faulty(fault{silentFailure: true})},
	{Name: "keeps a client that has half-closed", Case: "half-close", Message: "the server must close", Subject: faulty(fault{staysAfterFIN: true})},
	{Name: "closes a channel twice", Case: "half-close", Message: "panicked", Subject: faulty(fault{doubleClose: true})},
	{Name: "drops what is pending for a client that half-closes", Case: "pending-at-the-end", Message: "these are lost", Subject: faulty(fault{dropsAtEnd: true})},
	{Name: "writes on as long as somebody speaks", Case: "flood-end", Message: "still has not ended", Sometimes: []string{"stop-flood"}, Subject: faulty(fault{endless: true})},
	{Name: "closes a channel that others send on", Case: "flood-end", Message: "panicked", Sometimes: []string{"quit", "left-told", "half-close", "pending-at-the-end", "reset", "come-and-go", "stuck-and-gone", "stop", "stop-pending", "stop-flood", "stop-stuck"}, Subject: faulty(fault{closesQueue: true, endless: true})},
	{Name: "takes one client's error for the end of the chat", Case: "reset", Message: "reset their connections", Subject: faulty(fault{oneFailsAll: true})},
	{Name: "does not tell the writer that the reader has ended", Case: "come-and-go", Message: "goroutines more than before", Sometimes: []string{"quit", "left-told", "half-close", "pending-at-the-end", "flood-end", "end-in-flood", "reset", "stuck-and-gone", "stop", "stop-pending", "stop-flood", "stop-stuck"}, Subject: faulty(fault{leavesWriter: true})},
	{Name: "keeps who has gone in the room", Case: "come-and-go", Message: "two have stayed", Sometimes: []string{"quit", "left-told"}, Subject: faulty(fault{keepsGone: true})},
	{Name: "writes the last bytes without a deadline", Case: "stuck-and-gone", Message: "the limit is 10 s", Subject: faulty(fault{noDeadline: true})},
	{Name: "does not hear the context", Case: "stop", Message: "the server is stopping", Subject: faulty(fault{deafToStop: true})},
	{Name: "stops without a word", Case: "stop", Message: "must say so", Subject: faulty(fault{silentStop: true})},
	{Name: "drops what is pending when it stops", Case: "stop-pending", Message: "when the server stopped", Subject: faulty(fault{dropsAtStop: true})},
	{Name: "calls it an error that a client had to be cut", Case: "stop-stuck", Message: "Serve should have stopped in good order", Subject: faulty(fault{cutIsError: true})},
}

// The short engine must be right without a fault, or nobody knows what the cases have caught.
func TestShortEngine_isRightWithoutAFault(t *testing.T) {
	lesson.RunInBubble(t, Cases(), faulty(fault{}))
}

// Every case's name is unique: wrong programs, chapters and -run refer to it.
func TestCases_haveUniqueNamesRulesAndHints(t *testing.T) {
	var names []string
	for _, c := range Cases() {
		if slices.Contains(names, c.Name) {
			t.Errorf("there are two cases %q", c.Name)
		}
		names = append(names, c.Name)
		for what, text := range map[string]string{"rule": c.Rule, "source": c.Source, "hint": c.Hint} {
			if text == "" {
				t.Errorf("case %q has no %s", c.Name, what)
			}
		}
	}
}
