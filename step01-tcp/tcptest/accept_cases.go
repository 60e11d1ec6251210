package tcptest

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"syscall"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

// What happens when Accept fails. The errors are made by the
// in-memory listener, and the waits are seen on the virtual clock.
var acceptCases = []lesson.Case[Subject]{
	{
		Name:     "transient-errors",
		Rule:     "an accept error that will pass does not end the server",
		Source:   "net/http.Server.Serve; accept(2)",
		Hint:     "EMFILE, ENFILE, ECONNABORTED, EINTR, ENOBUFS and ENOMEM pass; errors.Is finds them inside a *net.OpError",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for _, errno := range []syscall.Errno{
				syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.EINTR, syscall.ENOBUFS, syscall.ENOMEM,
			} {
				listener := memnet.Listen()
				listener.FailAccept(errno)
				server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
				server.stillServes("Accept failed once with \"" + errno.Error() + "\", and new clients get no answer since: did the server take it for the end?")
			}
		},
	},
	{
		Name:     "backoff",
		Rule:     "after a transient error the loop waits 5 ms, then twice as long each time, up to 1 s",
		Source:   "net/http.Server.Serve",
		Hint:     "when the process is out of descriptors, Accept fails at once, again and again: a loop that does not wait burns a core",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			listener := memnet.Listen()
			listener.FailAccept(slices.Repeat([]error{syscall.EMFILE}, 10)...)
			server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
			server.stillServes("ten times there was no descriptor left, then there was one: but the client that waited got no answer")
			var waits []time.Duration
			calls := listener.Accepts()[:11]
			for i := range calls[1:] {
				waits = append(waits, calls[i+1].Sub(calls[i]))
			}
			require.NotZero(t, waits[0], "Accept failed, and was called again at once: this loop spins as long as descriptors are short")
			require.Equal(t, "[5ms 10ms 20ms 40ms 80ms 160ms 320ms 640ms 1s 1s]", fmt.Sprint(waits), "the waits between the calls of Accept")
		},
	},
	{
		Name:     "backoff-resets",
		Rule:     "after a success the wait begins at 5 ms again",
		Source:   "net/http.Server.Serve",
		Hint:     "what does an accepted connection do to the next wait?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			listener := memnet.Listen()
			fail := slices.Repeat([]error{syscall.EMFILE}, 6)
			listener.FailAccept(fail...)
			server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
			server.stillServes("the client got no answer after accept errors")
			listener.FailAccept(fail[:1]...)
			server.stillServes("the client got no answer after accept errors")
			server.stillServes("the client got no answer after accept errors")
			calls := listener.Accepts()
			// 6 failures, then a success, which starts the call that waits; it
			// returns a success as well, for FailAccept counts from the next call.
			require.Greater(t, len(calls), 9)
			require.LessOrEqual(t, calls[len(calls)-1].Sub(calls[7]), 10*time.Millisecond,
				"a single accept error, long after the last one, cost more than 5 ms: does the wait begin anew after a success?")
		},
	},
	{
		Name:     "backoff-log",
		Rule:     "a burst of accept errors is one line in the log",
		Source:   "CWE-779, logging of excessive data",
		Hint:     "log the first failure of a shortage; a success in between does not end it",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			listener := memnet.Listen()
			listener.FailAccept(slices.Repeat([]error{syscall.EMFILE}, 8)...)
			server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
			server.stillServes("the client got no answer after accept errors")
			require.Len(t, aboveDebug(server.log), 1, "8 accept errors in a row must make one line in the log")
			require.Contains(t, aboveDebug(server.log)[0], syscall.EMFILE.Error(), "the line must say what failed")
			for range 5 {
				listener.FailAccept(syscall.EMFILE)
				server.stillServes("the client got no answer after an accept error")
			}
			require.Len(t, aboveDebug(server.log), 1, "who is short of descriptors lets one client in for each that leaves, and fails again: that is one shortage, and one line in the log")
		},
	},
	{
		Name:     "backoff-stops",
		Rule:     "a loop that waits after an accept error stops as soon as its context ends",
		Source:   "context.Context",
		Hint:     "wait for the timer and for ctx.Done() in one select; time.Sleep hears nothing",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			listener := memnet.Listen()
			listener.FailAccept(slices.Repeat([]error{syscall.EMFILE}, 100)...)
			server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo), DrainTimeout: time.Second}, listener)
			time.Sleep(5500 * time.Millisecond) // into the middle of a wait of 1 s
			synctest.Wait()
			start := time.Now()
			server.Stop()
			require.NoError(t, server.stopped("the context ended while the loop was waiting after an accept error"))
			require.Zero(t, time.Since(start), "the loop finished its wait before it looked at the context")
		},
	},
	{
		Name:     "permanent-error",
		Rule:     "an accept error that will not pass is returned, wrapped",
		Source:   "net/http.Server.Serve",
		Hint:     "six errors pass, and no other; fmt.Errorf with %w keeps the cause for errors.Is and says what was being done",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			for _, gone := range []error{errors.New("the network card is gone"), syscall.ENOTSOCK} {
				listener := &broken{Listener: memnet.Listen(), err: gone}
				server := serveOn(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}, listener)
				err := server.stopped("Accept has failed for good: " + gone.Error())
				require.ErrorIs(t, err, gone, "Serve must return what made it end")
				require.NotEqual(t, gone.Error(), err.Error(), "the error must also say what was being done")
			}
		},
	},
}

// A broken listener's next Accept fails with err as it is: package net, and memnet with it, would
// say what was being done, and the server need not.
type broken struct {
	net.Listener
	err error
}

func (l *broken) Accept() (net.Conn, error) {
	if err := l.err; err != nil {
		l.err = nil
		return nil, err
	}
	return l.Listener.Accept()
}
