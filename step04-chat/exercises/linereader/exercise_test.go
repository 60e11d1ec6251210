package linereader_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/exercises/linereader"
)

type decoder interface {
	Decode(arrived []byte) []linereader.Line
	End() (line linereader.Line, ok bool)
}

type newFunc func() decoder

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, func() decoder { return new(linereader.Decoder) }, lesson.JudgeInBubble[newFunc])
}

// full is the longest line that there may be.
var full = strings.Repeat("x", linereader.MostLine)

var cases = []lesson.Case[newFunc]{
	{
		Name: "lines", Rule: "each LF ends a line, an empty one too", Source: "bufio.ScanLines",
		Hint: "one Read may bring no line, one, or many: cut in a loop",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "hello\n", "hello")
			decodes(t, newDecoder, "one\ntwo\n\nfour\n", "one", "two", "", "four")
			decodes(t, newDecoder, "grüße, 世界 👋🏽\n", "grüße, 世界 👋🏽")
			decodes(t, newDecoder, "hello")
		},
	},
	{
		Name: "crlf", Rule: "one CR before the LF belongs to the end of the line, and no other CR does", Source: "RFC 854, and every telnet",
		Hint: "take one CR off the end of a complete line, not off the end of a piece, and not two",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "one\r\ntwo\n\r\nfour\r\n", "one", "two", "", "four")
			decodes(t, newDecoder, "a\rb\r\r\n", "a\ufffdb\ufffd")
			decodesPieces(t, newDecoder, []string{"one\r", "\ntwo\r", "x\n"}, "one", "two\ufffdx")
		},
	},
	{
		Name: "any-cut", Rule: "the lines don't depend on where the bytes were cut, not even in the middle of a rune", Source: "RFC 9293 section 3.8",
		Hint: "keep the bytes of a line that has not ended; what they mean can be told when the whole line is there",
		Check: func(t lesson.T, newDecoder newFunc) {
			text := "für\r\n\n世界\n👋🏽\r\n"
			for cut := 1; cut < len(text); cut++ {
				decodesPieces(t, newDecoder, []string{text[:cut], text[cut:]}, "für", "", "世界", "👋🏽")
			}
			decodesPieces(t, newDecoder, bytewise(text), "für", "", "世界", "👋🏽")
		},
	},
	{
		Name: "buffer", Rule: "a Decoder doesn't keep the read buffer", Source: "io.Reader: implementations must not retain p",
		Hint: "append copies; d.part = piece doesn't",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodesPieces(t, newDecoder, []string{"he", "llo\nwor", "ld\n"}, "hello", "world")
			d := newDecoder()
			arrived := []byte("hello\n")
			lines := d.Decode(arrived)
			copy(arrived, "-----\n")
			equal(t, shown("hello"), show(lines), "the buffer was used again after Decode, and the line that it had returned is now")
		},
	},
	{
		Name: "invalid", Rule: "each byte that is not UTF-8 becomes U+FFFD, and its neighbours stay", Source: "The Unicode Standard, section 3.9",
		Hint: "a range over a string, and strings.Map, see U+FFFD for each byte that is wrong",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "a\xffb\n", "a\ufffdb")
			decodes(t, newDecoder, "\xc3\n\xbc\n", "\ufffd", "\ufffd")
			decodes(t, newDecoder, "\xe4\xb8x\xf0\x9f\x91\n", "\ufffd\ufffdx\ufffd\ufffd\ufffd")
			decodes(t, newDecoder, "\xc0\x80\xed\xa0\x80\n", strings.Repeat("\ufffd", 5)) // an overlong NUL, half a surrogate pair
			decodes(t, newDecoder, "a\ufffdb\n", "a\ufffdb")
		},
	},
	{
		Name: "control", Rule: "no control character reaches another terminal", Source: "CWE-150, escape sequences that are not neutralised",
		Hint: "unicode.IsControl, for each rune: there are some above 127, too",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "\x1b[2Jhello\n", "\ufffd[2Jhello")
			decodes(t, newDecoder, "a\x00b\x07c\x08d\x7fe\tf\n", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf")
			decodes(t, newDecoder, "a\u009b2Jb\u0085c\n", "a\ufffd2Jb\ufffdc") // CSI in one character, and NEL
		},
	},
	{
		Name: "limit", Rule: "a line of MostLine bytes is good, one of more is too long, whatever its end", Source: "CWE-770, allocation without limits",
		Hint: "the end of a line does not count, be it one byte or two",
		Check: func(t lesson.T, newDecoder newFunc) {
			for _, end := range []string{"\n", "\r\n"} {
				decodes(t, newDecoder, full+end+"next\n", full, "next")
				decodesPieces(t, newDecoder, bytewise(full+end), full)
				decodes(t, newDecoder, full+"x"+end+"next\n", tooLong, "next")
				decodesPieces(t, newDecoder, bytewise(full+"x"+end+"next\n"), tooLong, "next")
			}
			decodes(t, newDecoder, full+"\rx\nnext\n", tooLong, "next")
			decodes(t, newDecoder, full+"\r\r\nnext\n", tooLong, "next")
			letters := strings.Repeat("ü", linereader.MostLine/2)
			decodes(t, newDecoder, letters+"\n"+letters+"ü\n", letters, tooLong)
		},
	},
	{
		Name: "limit-once", Rule: "a line that is too long is said to be so once, and the client stays", Source: "chat.Server.MaxLine",
		Hint: "remember that you are passing over a line, until its LF; that ends the line, and begins no empty one",
		Check: func(t lesson.T, newDecoder newFunc) {
			long := strings.Repeat(full, 5)
			decodes(t, newDecoder, "before\n"+long+"\nafter\n", "before", tooLong, "after")
			decodesPieces(t, newDecoder, []string{long, long, long + "\n", "after\n"}, tooLong, "after")
			decodesPieces(t, newDecoder, []string{full, "x", "\n", "after\n" + full + full, "\n\n"}, tooLong, "after", tooLong, "")
		},
	},
	{
		Name: "limit-told-at-once", Rule: "that a line is too long is said as soon as it is known", Source: "chat.Server.MaxLine",
		Hint: "the end may never come: compare when bytes arrive, not when the line ends",
		Check: func(t lesson.T, newDecoder newFunc) {
			lines := newDecoder().Decode([]byte(full + "xx"))
			equal(t, shown(tooLong), show(lines), "%d bytes have arrived, and no LF: what is known already?", linereader.MostLine+2)
		},
	},
	{
		Name: "limit-memory", Rule: "a client that never ends its line costs no memory", Source: "CWE-770, allocation without limits",
		Hint: "what is passed over is not kept",
		Check: func(t lesson.T, newDecoder newFunc) {
			d := newDecoder()
			piece := bytes.Repeat([]byte("x"), 64<<10)
			before := heap()
			for range 16 {
				d.Decode(piece)
			}
			grown := heap() - before
			require.Less(t, grown, 256<<10, "1 MiB have come without an LF: by how many bytes has the Decoder grown?")
			runtime.KeepAlive(d)
			runtime.KeepAlive(piece)
		},
	},
	{
		Name: "end", Rule: "a line that the client began and didn't end counts, if it is complete UTF-8", Source: "nc -N: printf hello has no LF",
		Hint: "nothing begun is no line; half a letter is no line; a line that was too long is told of already",
		Check: func(t lesson.T, newDecoder newFunc) {
			ends(t, newDecoder, "hello", "hello")
			ends(t, newDecoder, "one\ngrüße", "grüße")
			ends(t, newDecoder, "a\x1bb", "a\ufffdb")
			ends(t, newDecoder, full, full)
			ends(t, newDecoder, "")
			ends(t, newDecoder, "hello\n")
			ends(t, newDecoder, "gr\xc3")
			ends(t, newDecoder, "\xf0\x9f\x91")
			ends(t, newDecoder, full+full)
		},
	},
}

// decodes wants a new decoder to find these lines in text.
func decodes(t lesson.T, newDecoder newFunc, text string, lines ...string) {
	t.Helper()
	got := newDecoder().Decode([]byte(text))
	equal(t, shown(lines...), show(got), "the lines in %s", short(text))
}

// decodesPieces wants these lines from text that comes in pieces. After each call the piece's memory is
// used for something else, as a read buffer is.
func decodesPieces(t lesson.T, newDecoder newFunc, pieces []string, lines ...string) {
	t.Helper()
	d := newDecoder()
	var got []linereader.Line
	for _, piece := range pieces {
		arrived := []byte(piece)
		got = append(got, d.Decode(arrived)...)
		copy(arrived, bytes.Repeat([]byte("-"), len(arrived)))
	}
	equal(t, shown(lines...), show(got), "the lines in %s, which came in %d pieces, each in the same buffer", short(strings.Join(pieces, "")), len(pieces))
}

// ends wants this line, or none, at the end of text.
func ends(t lesson.T, newDecoder newFunc, text string, lines ...string) {
	t.Helper()
	d := newDecoder()
	d.Decode([]byte(text))
	var got []linereader.Line
	if line, ok := d.End(); ok {
		got = append(got, line)
	}
	equal(t, shown(lines...), show(got), "the line that %s ends in the middle of", short(text))
}

// equal fails the case, with the sentence, unless both are the same.
func equal(t lesson.T, want, got, sentence string, args ...any) {
	t.Helper()
	if want != got {
		require.Fail(t, fmt.Sprintf("expected: %s\nreceived: %s", want, got), append([]any{sentence}, args...)...)
	}
}

// tooLong stands for a line that was too long.
const tooLong = "\x00too long"

// shown is lines as a failure shows them.
func shown(lines ...string) string {
	if len(lines) == 0 {
		return "nothing"
	}
	texts := make([]string, len(lines))
	for i, line := range lines {
		if texts[i] = short(line); line == tooLong {
			texts[i] = "(too long)"
		}
	}
	return strings.Join(texts, " ")
}

func show(lines []linereader.Line) string {
	var texts []string
	for _, line := range lines {
		if line.TooLong {
			line.Text = tooLong + line.Text // none, if it is right
		}
		texts = append(texts, line.Text)
	}
	return shown(texts...)
}

func short(text string) string {
	const most = 60
	if len(text) > most {
		return fmt.Sprintf("%q… (%d bytes)", text[:most], len(text))
	}
	return fmt.Sprintf("%q", text)
}

func bytewise(text string) (pieces []string) {
	for i := range len(text) {
		pieces = append(pieces, text[i:i+1])
	}
	return pieces
}

// heap returns how many bytes are in use.
func heap() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}
