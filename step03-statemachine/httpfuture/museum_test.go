package httpfuture_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

// inMemory is where the suite's cases run in virtual time.
const inMemory = "TestServer_portable/workers-1/memory/"

// Each of these is a fault that a connection as a state machine invites, and a goroutine mostly
// does not.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "takes a short write for a complete one", File: "conn.go",
			Old:  "		c.work.Sent(n)\n",
			New:  "		if ready {\n			n = len(unsent)\n		}\n		c.work.Sent(n)\n",
			Test: "TestConn_answersLikeTheGoroutineHoweverTheStreamIsCut", Message: "50 bytes a write",
		},
		{
			Name: "forgets the requests behind the first", File: "answer.go",
			Old: "		c.state = answering //", New: "		c.sendThen(idle) //",
			Test: "TestConn_leavesPipelinedResponsesInOneWrite", Message: "expected: 16",
		},
		{
			Name: "sends each response by itself", File: "answer.go",
			Old: "		c.state = answering //", New: "		c.sendThen(answering) //",
			Test: "TestConn_leavesPipelinedResponsesInOneWrite", Message: "actual  : 16",
		},
		{
			Name: "answers a hundred requests in one poll", File: "answer.go",
			Old: "case complete && !cx.Spend():", New: "case false:",
			Test: "TestConn_letsOthersGoFirstBetweenPipelinedRequests", Message: "actual  : 100",
		},
		{
			Name: "runs out of budget, and answers the same request twice", File: "answer.go",
			Old:  "	case complete && !cx.Spend():\n		return false\n	case complete:\n		c.clock = answering\n		if c.work.Answer() == nil {\n",
			New:  "	case complete:\n		c.clock = answering\n		if c.work.Answer() == nil {\n			if !cx.Spend() {\n				return false\n			}\n",
			Test: "TestConn_letsOthersGoFirstBetweenPipelinedRequests", Message: "actual  : 11",
		},
		{
			Name: "keeps its buffers while it is idle", File: "conn.go",
			Old: "	if !ready && c.work.Empty() {", New: "	if false {",
			Test: "TestConn_holdsNoWorkplaceWhileIdle", Message: "Expected nil",
		},
		{
			Name: "gives back the buffers with half a request in them", File: "conn.go",
			Old: "	if !ready && c.work.Empty() {", New: "	if !ready && c.work.Empty() || !ready && c.state == readHead {",
			Test: "TestConn_holdsNoWorkplaceWhileIdle", Message: "half a request is in it",
		},
		{
			Name: "can be polled after its end", File: "conn.go",
			Old: "			panic(future.PolledAfterReady)", New: "			return c.err, true",
			Test: "TestConn_panicsWhenPolledAfterTheEnd", Message: "should panic",
		},
		{
			Name: "starts the clock of the head with each byte", File: "limit.go",
			Old: "	if c.clock == s {", New: "	if c.clock == s && s != readHead {",
			Test: inMemory + "head-timeout", Message: "the client sends its head a byte a second",
		},
		{
			Name: "has one write limit for all of a response", File: "conn.go",
			Old: "		case c.moved >= httpd.WritePiece:", New: "		case false:",
			Test: inMemory + "write-progress", Message: "64 KiB every 8 s",
		},
		{
			Name: "moves its timer with each request", File: "limit.go",
			Old: "until < l.armed:", New: "until != l.armed:",
			Test: "TestLimit_staysInTheHeapWhenItsDeadlineMovesFurther", Message: "actual  : 17m39s",
		},
		{
			Name: "never moves its timer", File: "limit.go",
			Old: "case l.armed == none || until < l.armed:", New: "case l.armed == none:",
			Test: "TestLimit_staysInTheHeapWhenItsDeadlineMovesFurther", Message: "or it would come too late",
		},
		{
			Name: "takes a timer that was early for the end", File: "limit.go",
			Old: "		if fired >= until {", New: "		if fired > none {",
			Test: "TestLimit_isOverAtTheLastDeadlineAndNotBefore", Message: "but it was too early",
		},
		{
			Name: "does not look whether the server stops", File: "conn.go",
			Old: "	if c.state == idle && c.engine.stopping() {", New: "	if false {",
			Test: inMemory + "stop-idle", Message: "the server stops",
		},
		{
			Name: "closes at once behind a refusal", File: "conn.go",
			Old: "		if c.net.CloseWrite() != nil {", New: "		if true {",
			Test: inMemory + "error-is-readable", Message: "the client was still sending its body",
		},
		{
			Name: "waits for a stream without listening to its client", File: "stream.go",
			Old: "		s.listen(c, cx)\n", New: "",
			Test: inMemory + "stream-client-reset", Message: "the stream was not closed",
		},
		{
			Name: "takes a FIN during a stream for the end of the client", File: "stream.go",
			Old: "		case errors.Is(err, io.EOF), len(s.early) >= mostEarly:", New: "		case errors.Is(err, io.ErrUnexpectedEOF), len(s.early) >= mostEarly:",
			Test: inMemory + "stream-half-close", Message: "reads on",
		},
		{
			Name: "keeps all that a client sends during a stream", File: "stream.go",
			Old: "len(s.early) >= mostEarly", New: "false",
			Test: "TestServer_keepsLittleOfWhatAClientSendsDuringAStream", Message: "the server has read all of it",
		},
		{
			Name: "forgets what the client has sent during a stream", File: "stream.go",
			Old: "append(s.early, s.heard[:n]...)", New: "append(s.early, s.heard[n:n]...)",
			Test: inMemory + "stream-then-request", Message: "the request that came during the stream",
		},
		{
			Name: "reads the stream before it sends the head", File: "stream.go",
			Old: "	if length == http1.UnknownLength {", New: "	if false {",
			Test: inMemory + "stream-at-once", Message: "must not wait for the stream",
		},
		{
			Name: "leaves the content open when it is cut", File: "stream.go",
			Old: "	future.Cancel(s.reading)\n	c.work.Vanished()\n", New: "	future.Cancel(s.reading)\n",
			Test: inMemory + "stream-stop", Message: "the connection is cut, and its handler has ended",
		},
		{
			Name: "reads streams on the pool, until silent ones fill it", File: "stream.go",
			Old: "	if s.left > 0 {\n		s.reading = executor", New: "	if true {\n		s.reading = executor",
			Test: "TestServer_sendsFilesWhileManyStreamsAreSilent", Message: "deadlock",
		},
		{
			Name: "looks whether the function has ended, then stores the waker", File: "aside.go",
			Old: "	a.waker = cx.Waker()\n	return a.result, a.over\n", New: "	if !a.over {\n		return\n	}\n	a.waker = cx.Waker()\n	return a.result, a.over\n",
			Test: inMemory + "stream-at-once", Message: "the stream is under way, and nothing comes",
		},
		{
			Name: "drops what came behind the request for another protocol", File: "takeover.go",
			Old: "	buffered := c.work.Buffered()\n", New: "	var buffered []byte\n",
			Test: inMemory + "hijack", Message: "early, late",
		},
	})
}
