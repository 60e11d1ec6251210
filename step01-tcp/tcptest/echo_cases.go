package tcptest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
)

// EchoCases are the properties of an echo server, seen from outside.
func EchoCases() []lesson.Case[Subject] { return echoCases }

var echoCases = []lesson.Case[Subject]{
	{
		Name:   "echo",
		Rule:   "what a client sends comes back",
		Source: "RFC 862",
		Hint:   "read, write what was read, repeat",
		Check: func(t lesson.T, subject Subject) {
			client := serveEcho(t, subject).Dial()
			expectEcho(t, client, "hello", "the first message did not come back")
			expectEcho(t, client, "and again", "the second message did not come back: does the handler end after the first?")
		},
	},
	{
		Name:   "echo-isolation",
		Rule:   "a silent client delays nobody",
		Source: "net/http.Server.Serve",
		Hint:   "what does the accept loop do between two calls of Accept? Whatever waits for a client must not be there",
		Check:  checkIsolation,
	},
	{
		Name:   "byte-by-byte",
		Rule:   "bytes that come one at a time come back one at a time: nobody waits for a full buffer or a line",
		Source: "RFC 9293 section 3.8",
		Hint:   "io.ReadFull and bufio's ReadString wait for more than has come",
		Check: func(t lesson.T, subject Subject) {
			client := serveEcho(t, subject).Dial()
			for _, b := range []byte("no newline, no full buffer\x00\xff") {
				expectEcho(t, client, string(b), "a single byte did not come back")
			}
		},
	},
	{
		Name:   "one-mebibyte",
		Rule:   "many bytes at once come back all, in order",
		Source: "RFC 9293 section 3.8",
		Hint:   "one Write of the client is many Reads of the server",
		Check: func(t lesson.T, subject Subject) {
			client := serveEcho(t, subject).Dial()
			sent := randomBytes(1 << 20)
			go client.Write(sent) // at the same time, or both sides would wait for the other to read
			require.NoError(t, client.SetReadDeadline(time.Now().Add(patience)))
			got := make([]byte, len(sent))
			n, err := io.ReadFull(client, got)
			require.NoError(t, err, "of 1 MiB only %d bytes came back", n)
			require.True(t, bytes.Equal(sent, got), "1 MiB came back, but not the same bytes in the same order")
		},
	},
	{
		Name:   "constant-memory",
		Rule:   "64 MiB pass through in constant memory",
		Source: "RFC 9293 section 3.8.6",
		Hint:   "what is kept until the client has finished sending? A client decides how much that is",
		Check: func(t lesson.T, subject Subject) {
			client := serveEcho(t, subject).Dial()
			const total, block = 64 << 20, 64 << 10
			before := liveMemory()
			go func() {
				text := make([]byte, block)
				for range total / block {
					if _, err := client.Write(text); err != nil {
						return // the reading side sees it too, and tells
					}
				}
				client.CloseWrite()
			}()
			// Slow machines may take a while, but every block comes within the patience.
			for got := 0; got < total; {
				require.NoError(t, client.SetReadDeadline(time.Now().Add(patience)))
				n, err := io.CopyN(io.Discard, client, block)
				got += int(n)
				require.NoError(t, err, "of 64 MiB only %d bytes came back", got)
				if got == total/2 {
					grown := int64(liveMemory() - before)
					require.Less(t, grown, int64(16<<20), "half of 64 MiB has come back, and the server holds %d MiB", grown>>20)
				}
			}
		},
	},
	{
		Name:   "half-close",
		Rule:   "all that arrived before the client's FIN is sent back, then the server closes",
		Source: "RFC 9293 section 3.6",
		Hint:   "io.EOF says that no more bytes will come. It does not say that the client has stopped reading",
		Check: func(t lesson.T, subject Subject) {
			server := serveEcho(t, subject)
			client := server.Dial()
			sent := randomBytes(300 << 10)
			go func() {
				client.Write(sent)
				client.CloseWrite()
			}()
			require.NoError(t, client.SetReadDeadline(time.Now().Add(patience)))
			got, err := io.ReadAll(client)
			require.Equal(t, len(sent), len(got), "the client sent %d bytes, then its FIN; not all of them came back (%v)", len(sent), err)
			require.NoError(t, err, "the client has half-closed: the server must close too, in order, when all is sent back")
			require.True(t, bytes.Equal(sent, got), "not the same bytes in the same order came back")
			server.expectNoHandlerError("the client has half-closed, which is how every client ends, and the handler called it an error")
		},
	},
	{
		Name:     "slow-reader",
		Rule:     "a client that reads late gets every byte",
		Source:   "RFC 9293 section 3.8.6",
		Hint:     "a Write that returns an error has written a part: what became of the rest?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			client := serveEcho(t, subject).Dial()
			sent := randomBytes(256 << 10)
			go func() {
				client.Write(sent)
				client.CloseWrite()
			}()
			time.Sleep(20 * time.Second) // all buffers on the way are full now
			require.NoError(t, client.SetReadDeadline(time.Now().Add(patience)))
			got, err := io.ReadAll(client)
			require.NoError(t, err)
			require.True(t, bytes.Equal(sent, got), "the client began to read late: of %d bytes it got %d, or others than it had sent", len(sent), len(got))
		},
	},
	{
		Name:   "reset",
		Rule:   "a client that resets its connection ends that connection alone, and leaves no line in the log",
		Source: "RFC 9293 section 3.5.2",
		Hint:   "ECONNRESET and EPIPE are how a client's end looks; they are not the server's trouble",
		Check: func(t lesson.T, subject Subject) {
			server := serveEcho(t, subject)
			bystander := server.Dial()
			expectEcho(t, bystander, "before", "a client got no answer")
			for range 10 {
				rude := server.Dial()
				_, err := rude.Write(make([]byte, 1000))
				require.NoError(t, err)
				require.NoError(t, rude.SetLinger(0))
				require.NoError(t, rude.Close())
			}
			expectEcho(t, bystander, "after", "after another client's reset a connection is dead")
			server.stillServes("after a client's reset new clients get no answer")
			subject.Settle()
			server.Stop()
			server.stopped("the server was stopped")
			require.Empty(t, aboveDebug(server.log), "a client's reset was logged")
		},
	},
	{
		Name:   "echo-stops",
		Rule:   "an echo handler that waits for its client ends when the server stops",
		Source: "context.Context",
		Hint:   "Read knows nothing of contexts: context.AfterFunc can set a read deadline in the past",
		Check: func(t lesson.T, subject Subject) {
			server := serveEcho(t, subject)
			expectEcho(t, server.Dial(), "hello", "the client got no answer")
			subject.Settle()
			server.Stop()
			require.NoError(t, server.stopped("the server is stopping"), "the server is stopping, and an echo handler still waits for its client")
			server.expectNoHandlerError("the server was stopped, and the handler called that an error")
		},
	},
	{
		Name:   "come-and-go",
		Rule:   "a thousand clients that connect and leave, leave the server as it was",
		Source: "CWE-772, missing release of a resource",
		Hint:   "which goroutine still waits for a client that is gone? Each one that is started needs something that ends it",
		Check: func(t lesson.T, subject Subject) {
			server := serveEcho(t, subject)
			visit := func(i int) {
				client := server.Dial()
				if i%2 == 0 {
					expectEcho(t, client, "hello", "a client got no answer")
				}
				client.Close()
			}
			visit(0)
			before := runtime.NumGoroutine()
			for i := range 1000 {
				visit(i)
			}
			server.stillServes("after a thousand clients the next gets no answer")
			// Over loopback, the server learns of the last ones a little later.
			after := runtime.NumGoroutine()
			for start := time.Now(); after > before+10 && time.Since(start) < patience/2; after = runtime.NumGoroutine() {
				time.Sleep(10 * time.Millisecond)
			}
			require.LessOrEqual(t, after, before+10, "a thousand clients have come and gone, and there are %d goroutines more than before", after-before)
		},
	},
}

// serveEcho starts the subject as an echo server without limits.
func serveEcho(t lesson.T, subject Subject) *running {
	return serve(t, subject, &tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo), DrainTimeout: patience / 2})
}

// randomBytes returns the same n bytes every time; no part of them repeats, so
// that bytes in the wrong order are seen.
func randomBytes(n int) []byte {
	p := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(p)
	return p
}

// liveMemory is how many bytes of heap are in use after a collection.
func liveMemory() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
