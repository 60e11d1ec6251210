package selecttest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/chattest"
)

// A guest is a client of a case: it sends bytes of lines, and reads lines.
type guest struct {
	t      lesson.T
	conn   lesson.Conn // on which lines travel
	wired  lesson.Conn // the connection itself
	reader *bufio.Reader
	part   string // of a line whose rest did not come in time

	name string // what it is called, as far as the case knows
}

func newClient(t lesson.T, conn lesson.Conn, wire Wire) *guest {
	g := &guest{t: t, conn: conn, wired: conn}
	if wire != nil {
		g.conn = wire(conn)
	}
	g.reader = bufio.NewReader(g.conn)
	return g
}

const namedAs = "* you are now called "

// greeted reads what everybody is told first.
func (g *guest) greeted() {
	g.t.Helper()
	g.name = strings.TrimPrefix(g.nextWith(namedAs, "a client has come, and must be told what it is called"), namedAs)
	g.nextWith("* you are in #lobby", "a client has come, and must be told in which room it is")
}

// send sends bytes. It fails the case if the server does not take them in time.
func (g *guest) send(bytes string) {
	g.t.Helper()
	require.NoError(g.t, g.conn.SetWriteDeadline(time.Now().Add(patience)))
	_, err := io.WriteString(g.conn, bytes)
	require.NoError(g.t, err, "the server did not take %s", chattest.Quote(bytes))
}

// say sends one line.
func (g *guest) say(text string) {
	g.t.Helper()
	g.send(text + "\n")
}

// mutter is say for a client that the server may not listen to for the moment.
func (g *guest) mutter(text string) {
	_ = g.conn.SetWriteDeadline(time.Now().Add(time.Millisecond))
	_, _ = g.conn.Write([]byte(text + "\n"))
}

// line is what others must get when this client says text.
func (g *guest) line(text string) string { return fmt.Sprintf("[%s] %s", g.name, text) }

// did is what others must get when this client says that it does so.
func (g *guest) did(text string) string { return fmt.Sprintf("* [%s] %s", g.name, text) }

// whisper is what two get when this client says text to another one alone.
func (g *guest) whisper(to *guest, text string) string {
	return fmt.Sprintf("[%s -> %s] %s", g.name, to.name, text)
}

// read returns the next line, without its LF. The error is what ended the reading.
func (g *guest) read(within time.Duration) (string, error) {
	require.NoError(g.t, g.conn.SetReadDeadline(time.Now().Add(within)))
	text, err := g.reader.ReadString('\n')
	g.part += text
	if err != nil {
		return "", err
	}
	text, g.part = strings.TrimSuffix(g.part, "\n"), ""
	return text, nil
}

// next returns the next line. It fails the case, with the sentence, if none comes.
func (g *guest) next(sentence string) string {
	g.t.Helper()
	line, err := g.read(patience)
	require.NoError(g.t, err, "%s\n  no line came, but: %s", sentence, chattest.Explain(err))
	return line
}

// nextWith returns the next line, which must begin so.
func (g *guest) nextWith(prefix, sentence string) string {
	g.t.Helper()
	got := g.next(sentence)
	require.True(g.t, strings.HasPrefix(got, prefix), "%s\n  a line must come that begins with %q, not %s", sentence, prefix, chattest.Quote(got))
	return got
}

// expect fails the case, with the sentence, unless the next line is this.
func (g *guest) expect(line, sentence string) {
	g.t.Helper()
	require.Equal(g.t, chattest.Quote(line), chattest.Quote(g.next(sentence)), sentence)
}

// skipTo reads until the line comes. It fails the case, with the sentence, if it does not.
func (g *guest) skipTo(line, sentence string) {
	g.t.Helper()
	g.skipUntil(func(got string) bool { return got == line }, fmt.Sprintf("%s\n  no line came that is %q", sentence, line))
}

// skipUntil reads until a line comes of which that is true, and returns it.
func (g *guest) skipUntil(is func(line string) bool, sentence string) string {
	g.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		got, err := g.read(time.Until(deadline))
		require.NoError(g.t, err, "%s, but: %s", sentence, chattest.Explain(err))
		if is(got) {
			return got
		}
	}
}

// nothingNew fails the case, with the sentence, if the client has something to read. Its own next command is where it
// looks: what comes before the answer was there already.
func (g *guest) nothingNew(sentence string) {
	g.t.Helper()
	g.say("/msg " + g.name + " fence")
	g.expect(g.whisper(g, "fence"), sentence)
}

// rename takes another name, which is free.
func (g *guest) rename(name string) {
	g.t.Helper()
	g.say("/nick " + name)
	g.skipTo(namedAs+name, "a client has asked for a name that is free")
	g.name = name
}

// join goes to a room, and reads its greeting there.
func (g *guest) join(room string) {
	g.t.Helper()
	g.say("/join " + room)
	g.skipUntil(func(line string) bool {
		return strings.HasPrefix(line, "* you are in "+room)
	}, fmt.Sprintf("a client has said /join %s, and is not told that it is there", room))
}

// mute hides who comes and goes.
func (g *guest) mute() {
	g.t.Helper()
	g.say("/mute")
	g.skipUntil(func(line string) bool {
		return strings.Contains(line, "/mute")
	}, "a client has said /mute, and no answer came that tells how to see it again")
}

// expectEnd fails the case, with the sentence, unless the connection ends with a FIN, and without
// another line.
func (g *guest) expectEnd(sentence string) {
	g.t.Helper()
	line, err := g.read(patience)
	require.ErrorIs(g.t, err, io.EOF, "%s\n  got the line %q, and: %s", sentence, line, chattest.Explain(err))
	require.Empty(g.t, g.part, "%s: half a line came before the end", sentence)
}

// skipToEnd reads until the server closes.
func (g *guest) skipToEnd(sentence string) {
	g.t.Helper()
	for {
		if _, err := g.read(patience); err != nil {
			require.Equal(g.t, "the server closed the connection", chattest.Explain(err), sentence)
			return
		}
	}
}

// serverEnd is the server's end of a connection in memory.
func (g *guest) serverEnd() *memnet.Conn { return g.wired.(*memnet.Conn).Peer() }
