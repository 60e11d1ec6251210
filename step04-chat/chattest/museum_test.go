package chattest

import (
	"slices"
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// The museum: chat rooms with one classic fault each, in two rooms, so that a table fits on a
// page. All are made of the short engine in wrong_engine_test.go.

func TestLineMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(talkCases, lineCases), wrongLines, lesson.JudgeInBubble[Subject])
}

func TestClientMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(slowCases, leaveCases), wrongClients, lesson.JudgeInBubble[Subject])
}

var wrongLines = []lesson.Wrong[Subject]{
	{Name: "gives a message to its sender, too", Case: "not-to-the-sender", Message: "a must get the second only", Sometimes: []string{"one-order", "from-now-on", "half-typed", "line-limit", "line-ends", "one-write"}, Subject: faulty(fault{toSelf: true})},
	{Name: "does not say whose a line is", Case: "broadcast", Message: "another one must get", Subject: faulty(fault{noPrefix: true})},
	{Name: "hands each message out on goroutines of its own", Case: "one-order", Message: "order", Sometimes: []string{"broadcast", "not-to-the-sender", "from-now-on", "one-write", "line-ends", "half-typed", "runes-whole", "invalid-utf8", "escapes", "line-limit", "line-memory", "half-line-at-end"}, Subject: faulty(fault{unordered: true})},
	{Name: "gives a new client an old message", Case: "from-now-on", Message: "from before its time", Subject: faulty(fault{history: true})},
	{Name: "writes each message by itself", Case: "one-write", Message: "were written with", Subject: faulty(fault{writePerMessage: true})},
	{Name: "writes only when it is worth it", Case: "broadcast", Message: "no line came that is", Subject: faulty(fault{neverFlushes: true})},
	{Name: "takes a Read for a line", Case: "line-ends", Message: "three lines were sent at once", Subject: faulty(fault{aReadIsALine: true})},
	{Name: "passes the CR of CR LF on", Case: "line-ends", Message: "the CR is a part of the end", Subject: faulty(fault{keepsCR: true})},
	{Name: "gives up a half-read line when a message comes", Case: "half-typed", Message: "the first half was lost", Subject: faulty(fault{givesUpRead: true})},
	{Name: "decodes each Read by itself", Case: "runes-whole", Message: "byte by byte", Subject: faulty(fault{decodesReads: true})},
	{Name: "passes bytes on as they are", Case: "invalid-utf8", Message: "which is no UTF-8", Subject: faulty(fault{rawBytes: true})},
	{Name: "takes telnet's commands for text", Case: "telnet", Message: "IAC AYT", Subject: faulty(fault{showsTelnet: true})},
	{Name: "leaves telnet waiting for an answer", Case: "telnet", Message: "must be answered", Subject: faulty(fault{ignoresTelnet: true})},
	{Name: "passes escape sequences on", Case: "escapes", Message: "reached another client's terminal", Subject: faulty(fault{rawEscapes: true})},
	{Name: "knows the control characters of ASCII only", Case: "escapes", Message: "U+009B", Subject: faulty(fault{rawC1: true})},
	{Name: "takes bidi controls for letters", Case: "escapes", Message: "U+202E", Subject: faulty(fault{rawBidi: true})},
	{Name: "looks at a line's length when it has ended", Case: "line-memory", Message: "the server holds", Subject: faulty(fault{noLimit: true})},
	{Name: "throws a client out for a long line", Case: "line-limit", Message: "the server", Subject: faulty(fault{cutsLongLines: true})},
	{Name: "refuses a long line without a word", Case: "line-limit", Message: "the client must be told", Subject: faulty(fault{silentLimit: true})},
	{Name: "drops a line without an end", Case: "half-line-at-end", Message: "and then its FIN", Subject: faulty(fault{dropsHalfLine: true})},
	{Name: "says half a letter", Case: "half-line-at-end", Message: "cut in the middle of a letter", Subject: faulty(fault{saysCutRune: true})},
}

var wrongClients = []lesson.Wrong[Subject]{
	{Name: "waits while a client's queue is full", Case: "stuck-isolation", Message: "one client does not read", Subject: faulty(fault{blockingSend: true})},
	{Name: "writes to the clients with the lock held", Case: "stuck-isolation", Message: "one client does not read", Subject: faulty(fault{lockedWrite: true})},
	{Name: "keeps everything for a client that does not read", Case: "bounded-queue", Message: "the server holds", Subject: faulty(fault{unbounded: true})},
	{Name: "drops messages without a word", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{silentLag: true})},
	{Name: "tells its log what a client missed", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagOnServer: true})},
	{Name: "counts one too many", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagOffByOne: true})},
	{Name: "drops all and counts the last time only", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagToNewest: true})},
	{Name: "tells of the gap when it has written the rest", Case: "lag-told", Message: "got, or was told of", Subject: faulty(fault{lagAtTheEnd: true})},
	{Name: "counts a client's own messages as missed", Case: "lag-of-others", Message: "was told that it missed", Subject: faulty(fault{countsOwn: true})},
	{Name: "writes without a deadline", Case: "write-timeout", Message: "still waits for it", Subject: faulty(fault{noDeadline: true})},
	{Name: "hears what a client had sent before it was cut off", Case: "cut-crowd", Message: "only the others are heard", Subject: faulty(fault{hearsTheCut: true})},
	{Name: "cuts a client off whose queue is full", Case: "slow-stays", Message: "reads a line a second", Subject: faulty(fault{cutsSlow: true})},
	{Name: "drops what is pending for a client that half-closes", Case: "pending-at-the-end", Message: "were pending", Sometimes: []string{"stop"}, Subject: faulty(fault{dropsAtEnd: true})},
	{Name: "writes on as long as somebody speaks", Case: "flood-end", Message: "still has not ended", Subject: faulty(fault{endless: true})},
	{Name: "takes one client's error for the end of the room", Case: "reset", Message: "no line came that is", Sometimes: []string{"come-and-go"}, Subject: faulty(fault{oneFailsAll: true})},
	{Name: "does not tell the writer that the reader has ended", Case: "come-and-go", Message: "goroutines more than before", Subject: faulty(fault{leavesWriter: true})},
	{Name: "closes a channel twice", Case: "half-close", Message: "panicked", Subject: faulty(fault{doubleClose: true})},
	{Name: "closes a channel that others send on", Case: "flood-end", Message: "panicked", Sometimes: []string{"half-close", "pending-at-the-end", "reset", "come-and-go", "stuck-and-gone", "stop", "stop-stuck"}, Subject: faulty(fault{closesQueue: true, endless: true})},
	{Name: "keeps a client that has half-closed", Case: "half-close", Message: "the server must close", Subject: faulty(fault{staysAfterFIN: true})},
	{Name: "half-closed and stuck, it is waited for", Case: "stuck-and-gone", Message: "the limit is 10 s", Subject: faulty(fault{noDeadline: true})},
	{Name: "does not hear the context", Case: "stop", Message: "the server is stopping", Subject: faulty(fault{deafToStop: true})},
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

// wrong makes a subject of a function that turns settings into a server.
func wrong(newServer func(*Settings) ServeFunc) Subject {
	return Subject{Network: lesson.Memory, New: func(s *Settings) Server { return newServer(s) }}
}
