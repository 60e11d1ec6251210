package lines_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat/lines"
)

// decode feeds the pieces to a decoder and writes down what comes out: "<too long>" stands for
// ErrTooLong.
func decode(most int, pieces ...string) (got []string) {
	d := lines.Decoder{Max: most}
	for _, piece := range pieces {
		rest := []byte(piece)
		for {
			line, after, err := d.Next(rest)
			if err == lines.ErrMore {
				break
			}
			if err == lines.ErrTooLong {
				got = append(got, "<too long>")
			} else {
				got = append(got, string(line))
			}
			rest = after
		}
	}
	if line, ok := d.End(); ok {
		got = append(got, "END "+string(line))
	}
	return got
}

func TestDecoder_linesAndTheirEnds(t *testing.T) {
	const most = 30
	longest := strings.Repeat("x", most)
	for stream, want := range map[string][]string{
		"":                       nil,
		"one\n":                  {"one"},
		"one\r\ntwo\n":           {"one", "two"},
		"\n\r\n":                 {"", ""},
		"half":                   {"END half"},
		"one\nhalf\r":            {"one", "END half"},
		"cut \xe5\xa5":           nil,
		"no UTF-8 \xff":          nil,
		"a\rb\n":                 {"a\uFFFDb"},
		"a\r\r\n":                {"a\uFFFD"},
		"tab\there\n":            {"tab here"},
		"\x1b[31mred\x1b[0m\n":   {"\uFFFD[31mred\uFFFD[0m"},
		"\u202egnp.exe\n":        {"\uFFFDgnp.exe"},
		"\u009bm \u2028\n":       {"\uFFFDm \uFFFD"},
		"a\xffb\xc3c\n":          {"a\uFFFDb\uFFFDc"},
		"\xed\xa0\x80\n":         {"\uFFFD\uFFFD\uFFFD"},
		"你好 👩‍💻 é\n":             {"你好 👩‍💻 é"},
		longest + "\n":           {longest},
		longest + "\r\n":         {longest},
		longest + "y\nok\n":      {"<too long>", "ok"},
		longest + "y\r\nok\n":    {"<too long>", "ok"},
		longest + "\r\r\nok\n":   {"<too long>", "ok"},
		longest + "no end":       {"<too long>"},
		longest + "y\nhalf":      {"<too long>", "END half"},
		longest + "\r" + "no LF": {"<too long>"},
	} {
		assert.Equal(t, want, decode(most, stream), "%q", stream)
		var bytes []string
		for i := range len(stream) {
			bytes = append(bytes, stream[i:i+1])
		}
		assert.Equal(t, want, decode(most, bytes...), "%q, byte by byte", stream)
	}
}

func TestDecoder_tellsATooLongLineAtOnce(t *testing.T) {
	d := lines.Decoder{Max: 4}
	_, _, err := d.Next([]byte("1234"))
	require.ErrorIs(t, err, lines.ErrMore, "four bytes may still be a line")
	_, _, err = d.Next([]byte("5"))
	require.ErrorIs(t, err, lines.ErrTooLong, "whoever never ends a line should learn it, too")
	_, _, err = d.Next([]byte("678"))
	require.ErrorIs(t, err, lines.ErrMore, "once for each line")
	line, rest, err := d.Next([]byte("9\nnext\nmore"))
	require.NoError(t, err)
	require.Equal(t, "next", string(line))
	require.Equal(t, "more", string(rest))
}

func TestDecoder_allocatesNothingForALineThatComesWhole(t *testing.T) {
	d, piece := new(lines.Decoder), []byte("你好, as they say\n")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, _, err := d.Next(piece); err != nil {
			t.Fatal(err)
		}
	}))
}

// FuzzDecoder wants of any bytes: the same lines wherever they are cut, and each of them safe and
// bounded.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte("one\r\ntwo\xff\n\x1b[2J too long by far, too long"), uint16(4), uint16(9))
	f.Add([]byte("12345678\r\n123456789\n12345678\r\r\n"), uint16(9), uint16(10))
	f.Add([]byte("\u202e好\u009b\n\xe5\xa5"), uint16(1), uint16(4))
	f.Fuzz(func(t *testing.T, stream []byte, first, second uint16) {
		const most = 8
		i := int(first) % (len(stream) + 1)
		j := i + int(second)%(len(stream)-i+1)
		whole := decode(most, string(stream))
		cut := decode(most, string(stream[:i]), string(stream[i:j]), string(stream[j:]))
		if !assert.Equal(t, whole, cut, "cut at %d and %d", i, j) {
			return
		}
		ends := bytes.Count(stream, []byte("\n"))
		require.True(t, len(whole) == ends || len(whole) == ends+1, "%d line ends, and %d lines", ends, len(whole))
		for _, line := range whole {
			require.True(t, utf8.ValidString(line), "%q", line)
			require.False(t, strings.ContainsFunc(line, func(r rune) bool {
				return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
			}), "%q", line)
			require.LessOrEqual(t, utf8.RuneCountInString(line), max(most, len("<too long>"), most+len("END ")))
		}
	})
}

func BenchmarkDecoder(b *testing.B) {
	for name, line := range map[string]string{
		"ASCII":   "hello, this is an ordinary line of chat\n",
		"Chinese": "你好，这是一行普通的聊天内容\n",
		"escapes": "\x1b[31mhello\x1b[0m, this is a line with colours\n",
	} {
		b.Run(name, func(b *testing.B) {
			piece := []byte(strings.Repeat(line, 64))
			var d lines.Decoder
			b.SetBytes(int64(len(piece)))
			b.ReportAllocs()
			for b.Loop() {
				for rest := piece; len(rest) > 0; {
					_, rest, _ = d.Next(rest)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/line")
		})
	}
}
