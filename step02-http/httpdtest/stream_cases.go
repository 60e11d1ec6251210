package httpdtest

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// Content that comes over time.
var streamCases = []lesson.Case[Subject]{
	{
		Name: "stream", Rule: "content of unknown length comes in chunks; HTTP/1.0 gets it until the end", Source: "RFC 9112 section 6.3",
		Hint: "without chunks only the connection's end can end it",
		Check: func(t lesson.T, subject Subject) {
			text := strings.Repeat("0123456789", 10_000)
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
				w.Stream(io.NopCloser(iotest.HalfReader(strings.NewReader(text))), http1.UnknownLength)
			})})
			c := server.dial()
			c.send(get("/") + get("/") + "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
			for range 2 {
				r := c.expect(200, text, "a stream, in chunks")
				require.Equal(t, []string{"chunked"}, r.TransferEncoding)
			}
			r := c.expect(200, text, "a stream for HTTP/1.0")
			require.Empty(t, r.TransferEncoding, "HTTP/1.0 knows no chunks")
			c.expectEnd("the end of the connection is the end of the stream")
		},
	},
	{
		Name: "stream-at-once", Rule: "what a stream has is sent before it has more, and the head before it has anything", Source: "net/http.Flusher",
		Hint:     "flush before you read the stream: its next Read may take minutes",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			reader, writer := io.Pipe()
			t.Cleanup(func() { writer.Close() })
			server := serve(t, subject, streamOf(reader))
			c := server.dial()
			c.send(get("/") + get("/stream"))
			c.expect(200, helloText, "this response must not wait for the stream that follows")
			got := make([]byte, 4096)
			read := func() string {
				synctest.Wait()
				n, err := c.reader.Read(got)
				require.NoError(t, err, "the stream is under way, and nothing comes")
				return string(got[:n])
			}
			head := read()
			require.True(t, strings.HasSuffix(head, "\r\n\r\n"), "the stream is silent, and its head should be there: %q", head)
			writer.Write([]byte("event"))
			require.Equal(t, "5\r\nevent\r\n", read(), "the stream's first bytes")
			writer.Close()
			require.Equal(t, "0\r\n\r\n", read(), "the last chunk")
		},
	},
	{
		Name: "stream-then-request", Rule: "what the client sends during a stream is answered after it", Source: "RFC 9112 section 9.3.2",
		Hint:     "whoever watches the connection meanwhile must keep what it reads",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			reader, writer := io.Pipe()
			t.Cleanup(func() { writer.Close() })
			c := serve(t, subject, streamOf(reader)).dial()
			c.send(get("/stream"))
			synctest.Wait()
			c.send(get("/") + get("/")[:10])
			synctest.Wait()
			writer.Write([]byte("event"))
			writer.Close()
			c.expect(200, "event", "the stream")
			c.expect(200, helloText, "the request that came during the stream")
			c.send(get("/")[10:])
			c.expect(200, helloText, "the request that began during the stream")
		},
	},
	{
		Name: "stream-client-reset", Rule: "a client that resets the connection ends the stream, also a silent one", Source: "RFC 9293 section 3.5.2",
		Hint: "nobody sees it but who reads from the connection: watch it while the stream waits",
		Check: func(t lesson.T, subject Subject) {
			content := newSilence()
			server := serve(t, subject, streamOf(content))
			c := server.dial()
			c.send(get("/stream"))
			_, err := c.reader.ReadByte() // the stream has begun
			require.NoError(t, err)
			c.conn.SetLinger(0)
			c.conn.Close()
			content.expectClosed(t, "the client is gone")
			server.stillServes("another client has left its stream")
		},
	},
	{
		Name: "stream-client-left", Rule: "a client that closes ends the stream when it is sent to", Source: "RFC 9293 section 3.6",
		Hint:     "a FIN alone says nothing, but the kernel answers what comes after with a reset: look at the error of Write",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			ended := make(chan struct{})
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				context.AfterFunc(r.Context(), func() { close(ended) })
				httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
					select {
					case <-time.After(time.Second):
						return httpd.Event{Data: "tick"}, nil
					case <-ctx.Done():
						return httpd.Event{}, ctx.Err()
					}
				})
			})})
			c := server.dial()
			c.send(get("/"))
			time.Sleep(2500 * time.Millisecond)
			_, err := c.conn.Read(make([]byte, 64<<10)) // closing with unread bytes would be a reset
			require.NoError(t, err, "two events were sent")
			c.conn.Close()
			select {
			case <-ended:
			case <-time.After(3 * time.Second):
				require.Fail(t, "the request's context has not ended", "the client has closed the connection, and three events were sent since")
			}
		},
	},
	{
		Name: "stream-half-close", Rule: "a client that has finished sending gets the stream to its end", Source: "RFC 9293 section 3.6",
		Hint: "a FIN is not the end of the client: it may read on",
		Check: func(t lesson.T, subject Subject) {
			reader, writer := io.Pipe()
			t.Cleanup(func() { writer.Close() })
			c := serve(t, subject, streamOf(reader)).dial()
			c.send(get("/stream"))
			c.closeWrite()
			if subject.Network.Name == lesson.Memory.Name {
				synctest.Wait() // so that the server sees the FIN before the stream has anything
			}
			go func() {
				io.WriteString(writer, "first, ")
				io.WriteString(writer, "second")
				writer.Close()
			}()
			c.expect(200, "first, second", "the client has half-closed, and reads on")
			c.expectEnd("the client has nothing more to ask")
		},
	},
	{
		Name: "stream-stop", Rule: "a stream that doesn't end holds up no stop: after the drain timeout it is cut", Source: "net/http.Server.Close",
		Hint:     "the stream's Read knows nothing of the connection: close the stream when the connection is cut",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			content := newSilence()
			settings := streamOf(content)
			settings.DrainTimeout = 3 * time.Second
			server := serve(t, subject, settings)
			c := server.dial()
			c.send(get("/stream"))
			synctest.Wait()
			began := time.Now()
			server.Stop()
			server.cut(1, "a silent stream holds the server up")
			require.Less(t, time.Since(began), 5*time.Second, "the drain timeout is 3 s")
			content.expectClosed(t, "the server has stopped")
		},
	},
	{
		Name: "events-stop", Rule: "a stream of events ends in good order when the server stops", Source: "WHATWG HTML section 9.2",
		Hint:     "the source of the events waits for the context, too",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				first := true
				httpd.SendEvents(w, r, func(ctx context.Context) (httpd.Event, error) {
					if first {
						first = false
						return httpd.Event{Data: "only"}, nil
					}
					<-ctx.Done()
					return httpd.Event{}, ctx.Err()
				})
			})})
			c := server.dial()
			c.send(get("/"))
			time.Sleep(20 * time.Second)
			began := time.Now()
			server.Stop()
			r := c.expect(200, "data: only\n\n:\n\n", "an event, and a sign of life after 15 s")
			require.Equal(t, "text/event-stream", r.Header.Get("Content-Type"))
			c.conn.Close()
			server.stopped()
			require.Zero(t, time.Since(began), "the events end at once when the server stops")
		},
	},
	{
		Name: "stream-breaks", Rule: "a stream that ends early ends the connection: the client must see that something is missing", Source: "RFC 9112 section 8",
		Hint: "no last chunk, no padding: close",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				length := int64(http1.UnknownLength)
				if string(r.Path()) == "/known" {
					length = 100
				}
				content := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrClosedPipe))
				w.Stream(io.NopCloser(content), length)
			})})
			for _, path := range []string{"/known", "/unknown"} {
				c := server.dial()
				c.send(get(path))
				all, _ := io.ReadAll(c.reader)
				require.Contains(t, string(all), "half")
				require.False(t, strings.HasSuffix(string(all), "0\r\n\r\n"), "the stream broke, but its end looks like a good one")
				c.conn.Close()
			}
		},
	},
}

// streamOf is a server whose path /stream is content, with no end that is known; the others say hello.
func streamOf(content io.ReadCloser) *httpd.Server {
	return &httpd.Server{Handler: httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
		if string(r.Path()) == "/stream" {
			w.Stream(content, http1.UnknownLength)
			return
		}
		w.WriteString(helloText)
	})}
}

// A silence is content that never comes: Read waits until Close is called.
type silence struct {
	closed chan struct{}
	once   sync.Once
}

func newSilence() *silence { return &silence{closed: make(chan struct{})} }

func (s *silence) Read([]byte) (int, error) {
	<-s.closed
	return 0, io.ErrClosedPipe
}

func (s *silence) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// expectClosed fails the case unless the content is closed in time.
func (s *silence) expectClosed(t lesson.T, sentence string) {
	t.Helper()
	select {
	case <-s.closed:
	case <-time.After(patience):
		s.Close() // or Serve would never return
		require.Fail(t, "the stream was not closed", sentence)
	}
}
