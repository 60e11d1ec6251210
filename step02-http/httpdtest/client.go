package httpdtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// A client is the other end of a connection: it sends raw bytes, and reads responses.
type client struct {
	t      lesson.T
	conn   lesson.Conn
	limit  time.Duration // for the next response, and for the end
	reader *bufio.Reader
	sent   []byte // since the last response, for messages
}

func newClient(t lesson.T, conn lesson.Conn) *client {
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return &client{t: t, conn: conn, limit: promptness, reader: bufio.NewReader(conn)}
}

// patient lets the client wait until the server's time limits are over. Otherwise it
// doesn't: what comes only because a limit has freed the server comes too late.
func (c *client) patient() *client {
	c.limit = patience
	return c
}

// wait starts the client's own clock.
func (c *client) wait() { require.NoError(c.t, c.conn.SetReadDeadline(time.Now().Add(c.limit))) }

// get is a GET request that a server must understand.
func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n" }

// post is a POST request with a length.
func post(body string) string {
	return fmt.Sprintf("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// postChunked is a POST request with the given chunks, which are sent as they are.
func postChunked(chunks string) string {
	return "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
}

// send sends bytes. A server that has closed already is no failure here: what
// it said before shows that.
func (c *client) send(bytes string) {
	c.sent = append(c.sent, bytes...)
	_, _ = io.WriteString(c.conn, bytes)
}

// response reads one response, as the answer to a GET. It fails the case, with the
// sentence, if none comes.
func (c *client) response(sentence string) *response {
	c.t.Helper()
	return c.responseTo("GET", sentence)
}

// responseTo is response for another method: the answer to HEAD has no content.
func (c *client) responseTo(method, sentence string) *response {
	c.t.Helper()
	c.wait()
	parsed, err := http.ReadResponse(c.reader, &http.Request{Method: method})
	require.NoError(c.t, err, "%s\n  sent %s\n  no response came, but: %v", sentence, quote(c.sent), c.explain(err))
	content, err := io.ReadAll(parsed.Body)
	require.NoError(c.t, err, "%s\n  sent %s\n  the response has status %d, but its content broke off after %q: %v",
		sentence, quote(c.sent), parsed.StatusCode, content, c.explain(err))
	r := &response{Response: parsed, content: string(content), sent: quote(c.sent)}
	c.sent = nil
	return r
}

// expect reads one response, which must have this status and content. content "*" is any.
func (c *client) expect(status int, content, sentence string) *response {
	c.t.Helper()
	r := c.response(sentence)
	require.Equal(c.t, status, r.StatusCode, "%s\n  sent %s\n  got %q", sentence, r.sent, r.content)
	if content != "*" {
		require.Equal(c.t, content, r.content, "%s\n  sent %s", sentence, r.sent)
	}
	return r
}

// expectRefusal reads one response with this status, which must be the last one: it says
// so, and then the connection ends in good order.
func (c *client) expectRefusal(status int, sentence string) {
	c.t.Helper()
	r := c.expect(status, "*", sentence)
	require.True(c.t, r.Close, "%s\n  sent %s\n  got %d, but without Connection: close", sentence, r.sent, status)
	c.expectEnd("after an error response, and Connection: close, nothing more may come")
}

// expectEnd fails the case, with the sentence, unless the server ends the connection
// with a FIN, and without another byte. A reset could destroy what it has said.
func (c *client) expectEnd(sentence string) {
	c.t.Helper()
	c.wait()
	got, err := io.ReadAll(c.reader)
	require.Empty(c.t, string(got), "%s\n  sent %s", sentence, quote(c.sent))
	require.NoError(c.t, err, "%s: the connection must end with a FIN, but: %v", sentence, c.explain(err))
}

// closeWrite half-closes the connection: the server sees the end of the requests.
func (c *client) closeWrite() { require.NoError(c.t, c.conn.CloseWrite()) }

// A response is what the client has read.
type response struct {
	*http.Response
	content string
	sent    string // what it answers
}

// quote shortens what was sent to what a message can hold.
func quote(sent []byte) string {
	const most = 300
	if len(sent) <= most {
		return fmt.Sprintf("%q", sent)
	}
	return fmt.Sprintf("%q… (%d bytes)", sent[:most], len(sent))
}

// explain says what an error means here.
func (c *client) explain(err error) string {
	var timeout net.Error
	switch {
	case err == nil: // the sentence is made before anybody knows whether it is needed
		return ""
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("the server was silent for %v", c.limit)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed the connection"
	}
	return err.Error()
}
