package asyncnet

import (
	"runtime"
	"testing"

	"example.com/async/internal/lesson"
)

// The classic faults of sockets and servers that are polled: each is a change of a line or two, and
// each is caught. Those of the reactor are in its own museum.
func TestChanges(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("some of the changed code is for Linux only")
	}
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "takes a short write for a complete one", File: "io.go",
			Old: "w.written += n", New: "w.written += len(w.p) + n - n",
			Test:    "TestWriteAll_sendsEightMebibytesToAClientThatReadsLater/epoll",
			Message: "of 8 MiB",
		},
		{
			Name: "pays for waiting with the budget", File: "socket_linux.go",
			Old: "\t\t\tcx.Refund()\n\t\t\treturn 0, false, nil", New: "\t\t\treturn 0, false, nil",
			Test:    "TestConn_spendsTheBudgetForWhatItDoesAndNothingForWaiting/epoll",
			Message: "waiting is not work",
		},
		{
			Name: "ignores the budget", File: "portable_conn.go",
			Old: "	c.mu.Lock()\n	defer c.mu.Unlock()\n	r := &c.read", New: "	cx.Refund()\n	c.mu.Lock()\n	defer c.mu.Unlock()\n	r := &c.read",
			Test:    "TestConn_spendsTheBudgetForWhatItDoesAndNothingForWaiting/memory",
			Message: "the budget is used up",
		},
		{
			Name: "takes the end of the stream for an empty read", File: "socket_linux.go",
			Old: "err = io.EOF", New: "_ = io.EOF",
			Test:    "TestConn_goesOnToWriteAfterThePeersFIN/epoll",
			Message: "An error is expected",
		},
		{
			Name: "takes a failed accept for an empty queue", File: "socket_linux.go",
			Old:     "l.source.End(attempt, reactor.MayGoOn)\n\t\t\treturn nil, true, failed(",
			New:     "l.source.End(attempt, reactor.WouldBlock)\n\t\t\treturn nil, true, failed(",
			Test:    "TestEpoll_acceptsTheWaitingClientWhenThereIsADescriptorAgain",
			Message: "accepting must fail, and waits",
		},
		{
			Name: "leaves Nagle's algorithm on", File: "epoll_linux.go",
			Old: "unix.TCP_NODELAY, 1", New: "unix.TCP_NODELAY, 0",
			Test:    "TestEpoll_acceptedConnectionsInheritWhatTheListenerHas",
			Message: "Not equal",
		},
		{
			Name: "takes a socket and leaves the old descriptor open", File: "epoll_linux.go",
			Old: "defer from.Close()", New: "",
			Test:    "TestNetwork_takesOverAConnectionOfPackageNet/epoll",
			Message: "a Read must fail, and waits",
		},
		{
			Name: "writes from a buffer that belongs to the caller again", File: "portable_conn.go",
			Old: "c.flush(buffer[:n])", New: "c.flush(p[:n])",
			Test:    "TestEcho_isAnEchoServer/1_workers/memory/one-mebibyte",
			Message: "not the same bytes in the same order",
		},
		{
			Name: "lets nobody know that there is room for a connection again", File: "drain.go",
			Old: "c.full, loop = false, c.loop", New: "c.full, loop = false, nil",
			Test:    "TestServer_servesNoMoreThanMaxConns",
			Message: "there is room again, and the accept loop sleeps",
		},
		{
			Name: "serves one connection more than it may", File: "drain.go",
			Old: "len(c.conns) >= limit", New: "len(c.conns) > limit",
			Test:    "TestServer_servesNoMoreThanMaxConns",
			Message: "the third of two was served",
		},
		{
			Name: "stops, and tells only the accept loop", File: "drain.go",
			Old: "wakers = append(wakers, s.waker)", New: "_ = s.waker",
			Test:    "TestEcho_isAnEchoServer/1_workers/memory/echo-stops",
			Message: "an echo handler still waits for its client",
		},
		{
			Name: "stops when the accept loop has ended, which a poll that does not return holds up", File: "server.go",
			Old: "	case <-ctx.Done():\n	case", New: "	case",
			Test:    "TestServer_tellsOfAPollThatDoesNotReturn",
			Message: "deadlock",
		},
		{
			Name: "spins while it can't accept", File: "accept.go",
			Old: "l.pause = l.rt.Sleep(l.backoff.Next(err))", New: "_ = l.backoff.Next(err)\n\tl.pause = l.rt.Sleep(0)",
			Test:    "TestServer_waitsWhenAcceptingFailsForAWhile",
			Message: "Not equal",
		},
		{
			Name: "keeps the Future of a handler that has panicked", File: "accept.go",
			Old: "\t\t\ts.Cancel()\n", New: "\t\t\ts.end()\n",
			Test:    "TestServer_cancelsTheFutureThatHasPanicked",
			Message: "Not equal",
		},
		{
			Name: "gives up what is left when some of it was sent", File: "echo.go",
			Old: "e.unsent = e.unsent[n:]", New: "e.unsent = e.unsent[n:n]",
			Test:    "TestEcho_sendsBackEachByteHoweverTheNetworkCutsThem",
			Message: "bytes a call",
		},
		{
			Name: "keeps a buffer for a silent client", File: "echo.go",
			Old: "				e.giveBack()\n				if e.ctx", New: "				if e.ctx",
			Test:    "TestEcho_holdsNoBufferWhileItsClientIsSilent",
			Message: "an idle connection holds 4 KiB",
		},
		{
			Name: "waits for the waker only, not for the deadline", File: "netconn.go",
			Old: "case <-past: //", New: "case <-make(chan int): //",
			Test:    "TestNetConn_losesNothingToADeadline/memory",
			Message: "deadlock",
		},
		{
			Name: "has a waker without room for a wake", File: "netconn.go",
			Old: "woken: make(wakeChan, 1)", New: "woken: make(wakeChan)",
			Test:    "TestNetConn_keepsAWakeThatComesBeforeItWaits",
			Message: "deadlock",
		},
	})
}
