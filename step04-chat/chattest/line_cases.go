package chattest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// What a line is, and what may reach another's terminal.
var lineCases = []lesson.Case[Subject]{
	{
		Name: "line-ends", Rule: "a line ends with LF or CR LF, however the bytes are grouped",
		Source: "telnet and nc", Hint: "one Read is not one line: it can be half a line, or ten",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			a.send("unix\nwindows\r\nthird\n")
			b.expect(a.line("unix"), "three lines were sent at once")
			b.expect(a.line("windows"), "a line ended with CR LF, and the CR is a part of the end")
			b.expect(a.line("third"), "three lines were sent at once")
			for _, piece := range []string{"in p", "iec", "es\r", "\nnext\n"} {
				a.send(piece)
				subject.Settle()
			}
			b.expect(a.line("in pieces"), "a line was sent in three pieces, and CR and LF apart")
			b.expect(a.line("next"), "a line was sent in three pieces, and then another one")
		},
	},
	{
		Name: "half-typed", Rule: "a line that is half typed when a message comes is not lost",
		Source: "tokio's AsyncBufReadExt::read_line: cancel safety", Hint: "reading must not stand in a branch that is given up when another one is ready",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			a.send("I am still ")
			subject.Settle()
			b.say("are you there?")
			a.expect(b.line("are you there?"), "a client that is typing must get what others say")
			subject.Settle()
			a.send("typing\n")
			b.expect(a.line("I am still typing"), "a message came while a client was in the middle of a line, and the first half was lost")
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
		Name: "telnet", Rule: "commands of telnet are no part of a line, and its Ctrl-C is answered: until then it shows its user nothing",
		Source: "RFC 854; RFC 860", Hint: "telnet sends IAC IP IAC DO TIMING-MARK for Ctrl-C, and waits for IAC WONT TIMING-MARK, or WILL",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			a.send("a li\xff\xf6ne\r\n")
			b.expect(a.line("a line"), "a command of telnet came in the middle of a line (IAC AYT)")
			a.send("\xff\xf4\xff")
			a.send("\xfd\x06after Ctrl-C\r\n")
			b.expect(a.line("after Ctrl-C"), "a user of telnet pressed Ctrl-C, and said a line")
			b.say("do you hear me?")
			a.expect("\xff\xfc\x06"+b.line("do you hear me?"), "a user of telnet pressed Ctrl-C: that must be answered with IAC WONT TIMING-MARK, before the next line")
		},
	},
	{
		Name: "escapes", Rule: "no control character, escape sequence or bidi control of one client reaches another's terminal",
		Source: "CWE-150; Trojan Source, CVE-2021-42574", Hint: "control characters are more than ESC: the C1 ones are two bytes in UTF-8, and the bidi controls are none at all to unicode.IsControl",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(2)
			a, b := room[0], room[1]
			for _, bad := range []string{
				"\x1b[2J", "\x1b]0;title\x07", "\x00", "\b\b\b", "\rover", "\v", "\f", "\x7f", // ESC, C0, DEL
				"\u009b31m", "\u0085", "\u0090q", // C1
				"\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", // bidi controls, and line ends
			} {
				a.say("left" + bad + "right")
				got := b.next("a line with a control character was said")
				for _, r := range got {
					require.False(t, unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp),
						"%q was said, and %U reached another client's terminal", bad, r)
				}
				require.True(t, strings.HasPrefix(got, a.line("left")) && strings.HasSuffix(got, "right"), "%q was said between left and right, and another client got %q", bad, got)
			}
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
			require.True(t, strings.HasPrefix(notice, "* "), "a notice begins with an asterisk, unlike what others say; got %s", Quote(notice))
			a.say("I am still here")
			b.expect(a.line("I am still here"), "a client's line was too long: nobody may get it, and the client may go on")
		},
	},
	{
		Name: "line-memory", Rule: "a line that never ends costs no memory",
		Source: "CWE-770, allocation without limits", Hint: "what is kept of a line that is too long already?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{MaxLine: 4096}).seat(2)
			before := LiveMemory()
			block := strings.Repeat("never an end ", 5000)
			for range 128 {
				room[0].send(block)
			}
			subject.Settle()
			grown := int64(LiveMemory() - before)
			require.Less(t, grown, int64(4<<20), "a client has sent 8 MiB without a line's end, and the server holds %d KiB", grown>>10)
		},
	},
	{
		Name: "half-line-at-end", Rule: "what a client has typed when it ends is said if it is complete UTF-8, else dropped",
		Source: "printf hi | nc", Hint: "Read may return the last bytes together with io.EOF, or before it",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{})
			room := server.seat(4)
			room[0].send("without an end: 好")
			require.NoError(t, room[0].conn.CloseWrite())
			room[3].expect(room[0].line("without an end: 好"), "a client sent a line without its end, and then its FIN")
			room[1].send("cut: \xe5\xa5")
			require.NoError(t, room[1].conn.CloseWrite())
			room[1].skipToEnd()
			room[2].say("next")
			room[3].expect(room[2].line("next"), "a client's line was cut in the middle of a letter by its FIN: nobody may get it")
		},
	},
}
