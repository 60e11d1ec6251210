package chunked

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

type decoder interface {
	Decode(body, arrived []byte) (longer []byte, used int, done bool, err error)
}

type newFunc func() decoder

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, func() decoder { return new(Decoder) }, lesson.JudgeInBubble[newFunc])
}

const hello = "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"

var cases = []lesson.Case[newFunc]{
	{
		Name: "chunks", Rule: "the data of the chunks make the body", Source: "RFC 9112 section 7.1",
		Hint: "a line says how much data follows; the data may hold anything, also line ends",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "hello, world", hello)
			decodes(t, newDecoder, "", "0\r\n\r\n")
			decodes(t, newDecoder, "a\r\n0\r\n\r\nb", "9\r\na\r\n0\r\n\r\nb\r\n0\r\n\r\n")
			decodes(t, newDecoder, strings.Repeat("x", 0xAbC), "0aBc\r\n"+strings.Repeat("x", 0xAbC)+"\r\n000\r\n\r\n")
		},
	},
	{
		Name: "extensions", Rule: "what follows a semicolon is ignored", Source: "RFC 9112 section 7.1.1",
		Hint: "cut the line at the first semicolon",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "hello, world", "5;\r\nhello\r\n7;a=b;c=\"d\"\r\n, world\r\n0;last\r\n\r\n")
		},
	},
	{
		Name: "what-follows", Rule: "what follows the body is left for the next request", Source: "RFC 9112 section 9.3",
		Hint: "the empty line at the end belongs to the body, and nothing behind it",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "hello, world", hello, hello)
			decodes(t, newDecoder, "hello, world", hello, "\r\n")
			decodes(t, newDecoder, "hello, world", hello, "GET / HTTP/1.1\r\n")
		},
	},
	{
		Name: "any-cut", Rule: "the answer doesn't depend on where the bytes were cut", Source: "RFC 9293 section 3.8",
		Hint: "what was used is not sent again: keep what you have of a line, and how much of a chunk is to come",
		Check: func(t lesson.T, newDecoder newFunc) {
			text := "5;a=b\r\nhello\r\n00a\r\n\r\n0\r\n\r\n, w\r\n0\r\n\r\n"
			for cut := 1; cut < len(text); cut++ {
				decodesPieces(t, newDecoder, "hello\r\n0\r\n\r\n, w", text[:cut], text[cut:])
			}
			decodesPieces(t, newDecoder, "hello\r\n0\r\n\r\n, w", strings.Split(text, "")...)
		},
	},
	{
		Name: "not-done", Rule: "a body whose end has not come is not done", Source: "RFC 9112 section 8",
		Hint: "the last chunk is not the end: the empty line is",
		Check: func(t lesson.T, newDecoder newFunc) {
			for cut := range hello {
				_, used, done, err := newDecoder().Decode(nil, []byte(hello[:cut]))
				require.NoError(t, err, "%q can still become a body", hello[:cut])
				require.False(t, done, "%q is not complete", hello[:cut])
				require.Equal(t, cut, used, "all bytes of %q belong to the body", hello[:cut])
			}
		},
	},
	{
		Name: "size", Rule: "a size is hex digits and nothing else", Source: "RFC 9112 section 7.1",
		Hint: "which of the functions of strconv takes no sign, no 0x and no underscore?",
		Check: func(t lesson.T, newDecoder newFunc) {
			refuses(t, newDecoder, ErrSyntax, "x\r\n", "\r\n", ";a\r\n", "-1\r\nx\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", "1_0\r\n",
				"1 \r\nx\r\n", " 1\r\nx\r\n", "1 ;a\r\n", "5\rhello\r\n")
		},
	},
	{
		Name: "crlf", Rule: "nothing but CRLF ends a line, and it follows a chunk's data at once", Source: "RFC 9112 section 7.1",
		Hint: "a chunk that is longer than it says is no chunk",
		Check: func(t lesson.T, newDecoder newFunc) {
			refuses(t, newDecoder, ErrSyntax, "1\nx\r\n", "1\r\nx\n", "1\r\nx0\r\n\r\n", "1\r\nxy\r\n", "0\r\n\n", "0\r\nTrailer: a\r\n\r\n", "0\n\n")
		},
	},
	{
		Name: "limit-data", Rule: "a body longer than MostData is refused, before it has come", Source: "RFC 9110 section 15.5.14",
		Hint: "add up the sizes; mind that the sum can overflow",
		Check: func(t lesson.T, newDecoder newFunc) {
			refuses(t, newDecoder, ErrTooLong, "100001\r\n", "ffffffffffffffff\r\n", "7fffffffffffffff\r\n", "10000000000000005\r\nhello",
				"5\r\nhello\r\n7fffffffffffffff\r\n", "5\r\nhello\r\nffffffffffffffff\r\n")
			half := "80000\r\n" + strings.Repeat("x", MostData/2) + "\r\n"
			decodes(t, newDecoder, strings.Repeat("x", MostData), half+half+"0\r\n\r\n")
			refuses(t, newDecoder, ErrTooLong, half+half+"1\r\n")
		},
	},
	{
		Name: "limit-line", Rule: "a line longer than MostLine is refused, also if it never ends", Source: "RFC 9112 section 7.1.1",
		Hint: "count the bytes of a line while it comes, extension and leading zeros included",
		Check: func(t lesson.T, newDecoder newFunc) {
			decodes(t, newDecoder, "x", "1;"+strings.Repeat("a", MostLine-2)+"\r\nx\r\n0\r\n\r\n")
			decodes(t, newDecoder, "x", strings.Repeat("0", MostLine-1)+"1\r\nx\r\n0\r\n\r\n")
			refuses(t, newDecoder, ErrSyntax, "1;"+strings.Repeat("a", MostLine-1)+"\r\nx\r\n", "1;"+strings.Repeat("a", 2*MostLine), strings.Repeat("0", 2*MostLine))
			pieces := strings.Split("1;"+strings.Repeat("a", 10*MostLine), "")
			_, _, _, err := feed(newDecoder(), pieces)
			require.ErrorIs(t, err, ErrSyntax, "a line of %d bytes that has come byte by byte", len(pieces))
		},
	},
}

// decodes wants a new decoder to find the body in chunks, which come in one piece with what follows.
func decodes(t lesson.T, newDecoder newFunc, body, chunks string, follows ...string) {
	t.Helper()
	text := chunks + strings.Join(follows, "")
	got, used, done, err := newDecoder().Decode([]byte("before "), []byte(text))
	require.NoError(t, err, "%s are good chunks", short(text))
	require.True(t, done, "the end of %s has come", short(text))
	require.Equal(t, len(chunks), used, "so many bytes of %s belong to the chunked body", short(text))
	require.Equal(t, short("before "+body), short(string(got)), "the body in %s", short(text))
}

// decodesPieces does the same with pieces.
func decodesPieces(t lesson.T, newDecoder newFunc, body string, pieces ...string) {
	t.Helper()
	got, used, done, err := feed(newDecoder(), pieces)
	require.NoError(t, err, "%.200q are good chunks", pieces)
	require.True(t, done, "the end of %.200q has come", pieces)
	require.Equal(t, len(strings.Join(pieces, "")), used, "so many bytes of %.200q belong to the chunked body", pieces)
	require.Equal(t, body, string(got), "the body in %.200q", pieces)
}

func refuses(t lesson.T, newDecoder newFunc, want error, texts ...string) {
	t.Helper()
	for _, text := range texts {
		body, _, done, err := newDecoder().Decode(nil, []byte(text))
		require.ErrorIs(t, err, want, "%s must be refused with %q; body %s, done %v", short(text), want, short(string(body)), done)
	}
}

// feed hands over one piece after the other. After each call the piece's memory is used for
// something else, as a read buffer is.
func feed(d decoder, pieces []string) (body []byte, used int, done bool, err error) {
	for _, piece := range pieces {
		arrived := []byte(piece)
		var n int
		body, n, done, err = d.Decode(body, arrived)
		copy(arrived, bytes.Repeat([]byte("?"), len(arrived)))
		used += n
		if done || err != nil || n < len(arrived) {
			break
		}
	}
	return body, used, done, err
}

func short(text string) string {
	const most = 80
	if len(text) > most {
		return fmt.Sprintf("%q… (%d bytes)", text[:most], len(text))
	}
	return fmt.Sprintf("%q", text)
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[newFunc]{
		{
			Name: "reads the data up to the next CRLF", Case: "chunks",
			Message: `so many bytes of "9\r\na\r\n0\r\n\r\nb`,
			Subject: answer(func(d *answerDecoder) { d.dataIsLine = true }),
		},
		{
			Name: "reads the size from the whole line", Case: "extensions",
			Message: "are good chunks",
			Subject: answer(func(d *answerDecoder) {
				d.size = func(line string) (uint64, error) { return strconv.ParseUint(line, 16, 64) }
			}),
		},
		{
			Name: "believes that the body ends with the last chunk", Case: "what-follows",
			Message: "belong to the chunked body",
			Subject: answer(func(d *answerDecoder) { d.endsAtZero = true }),
		},
		{
			Name: "uses all that has come", Case: "what-follows",
			Message: "belong to the chunked body",
			Subject: answer(func(d *answerDecoder) { d.usesAll = true }),
		},
		{
			Name: "begins anew with each piece", Case: "any-cut",
			Message: "are good chunks",
			Subject: answer(func(d *answerDecoder) { d.forgetsLine = true }),
		},
		{
			Name: "takes what has come for all that will come", Case: "not-done",
			Message: "is not complete",
			Subject: answer(func(d *answerDecoder) { d.neverWaits = true }),
		},
		{
			Name: "reads the size with Sscanf", Case: "size",
			Message: "must be refused with \"400",
			Subject: answer(func(d *answerDecoder) {
				d.size = func(line string) (size uint64, err error) {
					_, err = fmt.Sscanf(line, "%x", &size)
					return size, err
				}
			}),
		},
		{
			Name: "trims the line", Case: "size",
			Message: `"1 \r\nx\r\n" must be refused`,
			Subject: answer(func(d *answerDecoder) {
				d.size = func(line string) (uint64, error) {
					digits, _, _ := strings.Cut(line, ";")
					return strconv.ParseUint(strings.TrimSpace(digits), 16, 64)
				}
			}),
		},
		{
			Name: "ends a line at LF, and drops the CR if there is one", Case: "crlf",
			Message: `"1\nx\r\n" must be refused`,
			Subject: answer(func(d *answerDecoder) { d.loneLF = true }),
		},
		{
			Name: "has no limit for the data", Case: "limit-data",
			Message: "must be refused with \"413",
			Subject: answer(func(d *answerDecoder) { d.noLimit = true }),
		},
		{
			Name: "adds before it compares: overflow", Case: "limit-data",
			Message: "must be refused with \"413",
			Subject: answer(func(d *answerDecoder) { d.overflows = true }),
		},
		{
			Name: "keeps a line of any length", Case: "limit-line",
			Message: "must be refused with \"400",
			Subject: answer(func(d *answerDecoder) { d.mostLine = 1 << 30 }),
		},
		{
			Name: "counts the bytes of a line in each piece apart", Case: "limit-line",
			Message: "that has come byte by byte",
			Subject: answer(func(d *answerDecoder) { d.countsPieces = true }),
		},
	}, lesson.JudgeInBubble[newFunc])
}

// An answerDecoder is right but for one fault. It knows no state but what has come.
type answerDecoder struct {
	size         func(line string) (uint64, error)
	mostLine     int
	dataIsLine   bool
	endsAtZero   bool
	usesAll      bool
	forgetsLine  bool
	neverWaits   bool
	loneLF       bool
	noLimit      bool
	overflows    bool
	countsPieces bool

	line  string
	left  int
	total int
	next  func(line string) (done bool, err error)
}

func answer(fault func(*answerDecoder)) newFunc {
	return func() decoder {
		d := &answerDecoder{mostLine: MostLine, size: func(line string) (uint64, error) {
			digits, _, _ := strings.Cut(line, ";")
			return strconv.ParseUint(digits, 16, 64)
		}}
		d.next = d.begin
		fault(d)
		return d
	}
}

func (d *answerDecoder) Decode(body, arrived []byte) ([]byte, int, bool, error) {
	if d.forgetsLine {
		d.line = ""
	}
	for used, b := range arrived {
		if d.left > 0 && !(d.dataIsLine && b == '\r') {
			body = append(body, b)
			d.left--
			continue
		}
		d.left = 0
		d.line += string(rune(b))
		length := len(d.line)
		if d.countsPieces {
			length = min(length, used+1)
		}
		if length > d.mostLine+2 {
			return body, used, false, ErrSyntax
		}
		if b != '\n' {
			continue
		}
		line, crlf := strings.CutSuffix(d.line, "\r\n")
		if d.line = ""; !crlf && !d.loneLF {
			return body, used, false, ErrSyntax
		}
		done, err := d.next(strings.TrimSuffix(line, "\n"))
		if err != nil || done {
			used++
			if d.usesAll {
				used = len(arrived)
			}
			return body, used, done, err
		}
	}
	return body, len(arrived), d.neverWaits && d.line == "" && d.left == 0, nil
}

func (d *answerDecoder) begin(line string) (done bool, err error) {
	size, err := d.size(line)
	tooLong := size > uint64(MostData-d.total)
	if d.overflows {
		tooLong = int64(d.total)+int64(size) > MostData
	}
	switch {
	case errors.Is(err, strconv.ErrRange), tooLong && !d.noLimit:
		return false, ErrTooLong
	case err != nil:
		return false, ErrSyntax
	case size == 0 && d.endsAtZero:
		return true, nil
	case size == 0:
		d.next = func(line string) (bool, error) { return true, mustBeEmpty(line) }
	default:
		d.next = func(line string) (bool, error) {
			d.next = d.begin
			return false, mustBeEmpty(line)
		}
	}
	d.left = int(size)
	d.total += int(size)
	return false, nil
}

func mustBeEmpty(line string) error {
	if line != "" {
		return ErrSyntax
	}
	return nil
}
