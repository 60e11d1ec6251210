package selectloop_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

const inMemory = "TestServer/memory/"

// Faults of the loop, and of what it drives, one place each. Chats that are wrong from the ground up are in
// selecttest's museum.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "listens to a reader that has ended", File: "loop.go",
			Old: "	if !c.reading {\n		return nil\n	}\n	return c.input", New: "	return c.input",
			Test: "TestServer_hearsAnEndThatHadToWait", Message: "is still served",
		},
		{
			Name: "forgets to switch off a channel that is closed", File: "loop.go",
			Old:  "		case in := <-c.next(): // the next lines\n			c.hear(in)\n",
			New:  "		case in, open := <-c.input:\n			if open {\n				c.hear(in)\n			}\n",
			Test: "TestServer_sleepsWhileNothingHappens/it_has_ended_and_waits_for_a_token", Message: "nothing happens, and the loop has gone round so often",
		},
		{
			Name: "reads in a goroutine for each round, and forgets the last one", File: "loop.go",
			Old:  "	if !c.reading {\n		return nil\n	}\n	return c.input",
			New:  "	in := make(chan input, 1)\n	if c.reading {\n		go func() {\n			if read, ok := <-c.input; ok {\n				in <- read\n			}\n		}()\n	}\n	return in",
			Test: inMemory + "half-typed", Message: "a client that is typing must get what others",
		},
		{
			Name: "looks for messages first", File: "loop.go",
			Old:  "		select {\n		case in := <-c.next()",
			New:  "		select {\n		case <-c.client.Member().RoomReady():\n			continue\n		default:\n		}\n		select {\n		case in := <-c.next()",
			Test: inMemory + "command-in-flood", Message: "is not answered",
		},
		{
			Name: "does not look into the inbox", File: "loop.go",
			Old: "		case <-c.client.Member().OwnReady(): // a private one\n", New: "",
			Test: inMemory + "whisper", Message: "said something to another one alone",
		},
		{
			Name: "does not wait for the server's end", File: "loop.go",
			Old: "		case <-ctx.Done(): // the server's end\n			c.client.End()\n", New: "",
			Test: inMemory + "stop", Message: "must say so",
		},
		{
			Name: "forgets lines that had to wait", File: "loop.go",
			Old: "	if wait <= 0 {", New: "	if wait > 0 {\n		return nil\n	}\n	if true {",
			Test: inMemory + "rate-burst", Message: "pastes a text",
		},
		{
			Name: "does not wake its reader at the end", File: "reader.go",
			Old: "	_ = c.net.SetReadDeadline(time.Unix(1, 0))", New: "	_ = c.net.SetReadDeadline(time.Time{})",
			Test: inMemory + "stop", Message: "got the line",
		},
		{
			Name: "writes without a deadline", File: "loop.go",
			Old: "c.deadline.Arm(c.net)", New: "error(nil)",
			Test: inMemory + "write-timeout", Message: "still waits for it",
		},
		{
			Name: "closes while something of the client is unread", File: "loop.go",
			Old: "		tcp.Linger(c.net)\n", New: "		_ = tcp.Linger\n",
			Test: inMemory + "quit", Message: "connection reset",
		},
		{
			Name: "does not leave the room", File: "loop.go",
			Old: "	c.client.Leave()\n", New: "",
			Test: inMemory + "left-told", Message: "a client has",
		},
		{
			Name: "moves and forgets what was said", File: "../hub/room.go",
			Old: "		untold = m.takeRoom() // all", New: "		// all",
			Test: inMemory + "old-room-first", Message: "when it moved to another room",
		},
		{
			Name: "hears nobody who is behind", File: "../client/hear.go",
			Old: "i > 0 && c.member.Behind()", New: "i >= 0 && c.member.Behind()",
			Test: inMemory + "flood-end", Message: "still has not ended",
		},
		{
			Name: "refuses on after a pause", File: "../client/limit.go",
			Old: "	if l.refusing && l.bucket.TokensAt(now) >= float64(l.bucket.Burst())/4 {", New: "	if false {",
			Test: inMemory + "rate-refused", Message: "has paused for long, and speaks again",
		},
	})
}
