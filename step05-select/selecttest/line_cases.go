package selecttest

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/chattest"
)

// What a line is, and what may reach another's terminal.
var lineCases = []lesson.Case[Subject]{
	{
		Name: "line-ends", Rule: "a line ends with LF or CR LF, however the bytes are grouped",
		Source: "telnet and nc", Hint: "one Read is not one line: it can be half a line, or ten",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			a.send("unix\nwindows\r\n\nthird\n")
			b.expect(a.line("unix"), "several lines were sent at once")
			b.expect(a.line("windows"), "a line ended with CR LF, and the CR is a part of the end")
			b.expect(a.line("third"), "several lines were sent at once, and an empty one says nothing")
			for _, piece := range []string{"in p", "iec", "es\r", "\nnext\n"} {
				a.send(piece)
				subject.Settle()
			}
			b.expect(a.line("in pieces"), "a line was sent in three pieces, and CR and LF apart")
			b.expect(a.line("next"), "a line was sent in three pieces, and then another one")
		},
	},
	{
		Name: "half-typed", Rule: "a line that is half typed when messages come is not lost, nor a part of it",
		Source: "tokio's AsyncBufReadExt::read_line: cancel safety", Hint: "reading must not stand in a branch that is given up when another one is ready",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			const text = "I type with one finger, while others talk"
			for i, letter := range strings.Split(text, "") {
				a.send(letter)
				subject.Pass(200 * time.Millisecond)
				for k := range i % 3 {
					said := fmt.Sprintf("are you there? %d.%d", i, k)
					b.say(said)
					a.expect(b.line(said), "a client that is typing must get what others say")
				}
				b.say("/msg " + a.name + " psst")
				a.expect(b.whisper(a, "psst"), "a client that is typing must get what others whisper")
				b.expect(b.whisper(a, "psst"), "a client whispers")
				subject.Settle()
			}
			a.send("\n")
			b.expect(a.line(text), "messages came while a client was in the middle of a line, and what it had typed was lost")
		},
	},
	{
		Name: "runes-whole", Rule: "letters of all scripts arrive as they were sent, also when one is cut in two on its way",
		Source: "RFC 3629", Hint: "decode the whole line, not what one Read returns",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			const text = "你好，世界 — Grüße, שלום, 👩‍💻"
			a.say(text)
			b.expect(a.line(text), "a line with letters of several scripts was said")
			for i := range len(text) {
				a.send(text[i : i+1])
				subject.Settle()
			}
			a.send("\n")
			b.expect(a.line(text), "the same line was sent byte by byte")
		},
	},
	{
		Name: "invalid-utf8", Rule: "bytes that are not UTF-8 become U+FFFD, and the rest of the line stays",
		Source: "RFC 3629 section 3; Unicode section 3.9", Hint: "what does a terminal do with half a rune? Whoever writes next finds out",
		Excuse: linesOnly("a text message is UTF-8, or the server closes (RFC 6455 section 8.1)"),
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			for _, bad := range []string{"\xff", "\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xe4\xbd"} {
				a.say("left" + bad + "right")
				got := b.next("a line with invalid UTF-8 was said")
				require.True(t, utf8.ValidString(got), "%q was said, and another client got %q, which is no UTF-8", bad, got)
				require.Contains(t, got, "\uFFFD", "%q was said, and nothing shows where it was", bad)
				require.True(t, strings.HasPrefix(got, a.line("left")) && strings.HasSuffix(got, "right"), "%q was said between left and right, and another client got %q", bad, got)
			}
		},
	},
	{
		Name: "escapes", Rule: "no control character, escape sequence or bidi control of one client reaches another's terminal, whatever it says or asks for",
		Source: "CWE-150; Trojan Source, CVE-2021-42574", Hint: "control characters are more than ESC: the C1 ones are two bytes in UTF-8, and the bidi controls are none at all to unicode.IsControl",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(2)
			a, b := room[0], room[1]
			for _, bad := range []string{
				"\x1b[2J", "\x1b]0;title\x07", "\x00", "\b\b\b", "\rover", "\v", "\f", "\x7f", // ESC, C0, DEL
				"\u009b31m", "\u0085", "\u0090q", // C1
				"\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", // bidi controls, and line ends
			} {
				a.say("left" + bad + "right")
				a.say("/me left" + bad + "right")
				a.say("/msg " + b.name + " left" + bad + "right")
				for range 3 {
					got := b.next("a line with a control character was said, done or whispered")
					for _, r := range got {
						require.False(t, isControl(r), "%q was said, and %U reached another client's terminal", bad, r)
					}
					require.True(t, strings.Contains(got, "left") && strings.HasSuffix(got, "right"), "%q was said between left and right, and another client got %q", bad, got)
				}
				for _, asked := range []string{"/nick x" + bad + "x", "/join x" + bad + "x", "/x" + bad + "x", "/msg x" + bad + "x hi"} {
					a.say(asked)
				}
			}
			a.say("/msg " + a.name + " fence")
			a.skipUntil(func(line string) bool {
				require.False(t, strings.ContainsFunc(line, isControl), "control characters were sent with several commands, and %q was the answer", line)
				return line == a.whisper(a, "fence")
			}, "a client has sent control characters with several commands")
		},
	},
	{
		Name: "line-limit", Rule: "a line of more than 4 KiB is refused with a notice, and its client stays",
		Source: "CWE-770, allocation without limits", Hint: "count while the line comes, not when it has ended",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{MaxLine: 4096}).seat(2)
			a, b := room[0], room[1]
			longest := strings.Repeat("x", 4096)
			a.say(longest)
			b.expect(a.line(longest), "a line of 4096 bytes is not too long")
			a.send(longest + "\r\n")
			b.expect(a.line(longest), "a line of 4096 bytes and CR LF is not too long")
			a.say(longest + "y")
			notice := a.next("a line of 4097 bytes is too long, and the client must be told")
			require.True(t, strings.HasPrefix(notice, "* "), "a notice begins with an asterisk, unlike what others say; got %s", chattest.Quote(notice))
			a.say("I am still here")
			b.expect(a.line("I am still here"), "a client's line was too long: nobody may get it, and the client may go on")
		},
	},
	{
		Name: "line-memory", Rule: "a line that never ends costs no memory",
		Source: "CWE-770, allocation without limits", Hint: "what is kept of a line that is too long already?",
		InBubble: true,
		Excuse:   linesOnly("a message that is too big is answered with a close frame (RFC 6455 section 7.4.1)"),
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{MaxLine: 4096}).seat(2)
			before := chattest.LiveMemory()
			block := strings.Repeat("never an end ", 5000)
			for range 256 {
				room[0].send(block)
			}
			subject.Settle()
			grown := int64(chattest.LiveMemory() - before)
			require.Less(t, grown, int64(4<<20), "a client has sent 16 MiB without a line's end, and the server holds %d KiB", grown>>10)
		},
	},
	{
		Name: "half-line-at-end", Rule: "what a client has typed when it ends is said if it is complete UTF-8, else dropped",
		Source: "printf hi | nc", Hint: "Read may return the last bytes together with io.EOF, or before it",
		Excuse: linesOnly("a message whose last frame has not come is none (RFC 6455 section 5.4)"),
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seatMuted(4)
			room[0].send("without an end: 好")
			require.NoError(t, room[0].conn.CloseWrite())
			room[3].expect(room[0].line("without an end: 好"), "a client sent a line without its end, and then its FIN")
			room[1].send("cut: \xe5\xa5")
			require.NoError(t, room[1].conn.CloseWrite())
			room[1].skipToEnd("a client has finished sending")
			room[2].say("next")
			room[3].expect(room[2].line("next"), "a client's line was cut in the middle of a letter by its FIN: nobody may get it")
		},
	},
}

func isControl(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}
