package chattest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// A client sends raw bytes and reads raw lines.
type client struct {
	t      lesson.T
	conn   lesson.Conn
	reader *bufio.Reader
	part   string // of a line whose rest did not come in time
}

func newClient(t lesson.T, conn lesson.Conn) *client {
	return &client{t: t, conn: conn, reader: bufio.NewReader(conn)}
}

// send sends bytes. It fails the case if the server does not take them in time.
func (c *client) send(bytes string) {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetWriteDeadline(time.Now().Add(patience)))
	_, err := io.WriteString(c.conn, bytes)
	require.NoError(c.t, err, "the server did not take %s", Quote(bytes))
}

// say sends one line.
func (c *client) say(text string) {
	c.t.Helper()
	c.send(text + "\n")
}

// line is what others must get when this client says text.
func (c *client) line(text string) string { return fmt.Sprintf("[%v] %s", c.conn.LocalAddr(), text) }

// read returns the next line, without its LF. The error is what ended the reading.
func (c *client) read(within time.Duration) (string, error) {
	require.NoError(c.t, c.conn.SetReadDeadline(time.Now().Add(within)))
	text, err := c.reader.ReadString('\n')
	c.part += text
	if err != nil {
		return "", err
	}
	text, c.part = strings.TrimSuffix(c.part, "\n"), ""
	return text, nil
}

// next returns the next line. It fails the case, with the sentence, if none comes.
func (c *client) next(sentence string) string {
	c.t.Helper()
	line, err := c.read(patience)
	require.NoError(c.t, err, "%s\n  no line came, but: %s", sentence, Explain(err))
	return line
}

// expect fails the case, with the sentence, unless the next line is this.
func (c *client) expect(line, sentence string) {
	c.t.Helper()
	got := c.next(sentence)
	require.Equal(c.t, Quote(line), Quote(got), sentence)
}

// hears reports whether the line comes in time. What comes before it is passed over.
func (c *client) hears(line string, within time.Duration) bool {
	for {
		got, err := c.read(within)
		if err != nil || got == line {
			return err == nil
		}
	}
}

// skipTo reads until the line comes.
func (c *client) skipTo(line string) {
	c.t.Helper()
	require.True(c.t, c.hears(line, patience), "no line came that is %q", line)
}

// expectEnd fails the case, with the sentence, unless the connection ends with a FIN, and without
// another line.
func (c *client) expectEnd(sentence string) {
	c.t.Helper()
	line, err := c.read(patience)
	require.ErrorIs(c.t, err, io.EOF, "%s\n  got the line %q, and: %s", sentence, line, Explain(err))
	require.Empty(c.t, c.part, "%s: half a line came before the end", sentence)
}
