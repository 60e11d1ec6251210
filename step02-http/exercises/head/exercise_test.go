package head

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

type finder interface {
	Find(buffer []byte) (length int, err error)
}

type newFunc func() finder

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, func() finder { return new(Finder) }, lesson.JudgeInBubble[newFunc])
}

const (
	get   = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	typed = "GET / HTTP/1.1\nHost: a\n\n" // by hand, into nc
)

var cases = []lesson.Case[newFunc]{
	{
		Name: "whole", Rule: "a head that has come in one piece ends behind its empty line", Source: "RFC 9112 section 2.1",
		Hint: "the length counts the empty line, too",
		Check: func(t lesson.T, newFinder newFunc) {
			finds(t, newFinder, get, len(get))
			finds(t, newFinder, "GET / HTTP/1.0\r\n\r\n", 18)
		},
	},
	{
		Name: "line-ends", Rule: "a lone LF ends a line, too", Source: "RFC 9112 section 2.2",
		Hint: "there are three ways to write the end: not only CRLF CRLF",
		Check: func(t lesson.T, newFinder newFunc) {
			for _, head := range []string{typed, "GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\nHost: a\n\r\n"} {
				finds(t, newFinder, head, len(head))
			}
		},
	},
	{
		Name: "what-follows", Rule: "what follows the head is not part of it", Source: "RFC 9112 section 9.3.2",
		Hint: "there may be another empty line further on: the first one counts",
		Check: func(t lesson.T, newFinder newFunc) {
			finds(t, newFinder, get+get, len(get))
			finds(t, newFinder, get+"\r\n\r\n", len(get))
			finds(t, newFinder, typed+"body", len(typed))
		},
	},
	{
		Name: "not-the-end", Rule: "only an empty line ends a head", Source: "RFC 9112 section 2.1",
		Hint: "a line with a space in it isn't empty, nor is one of two CRs",
		Check: func(t lesson.T, newFinder newFunc) {
			for _, line := range []string{"", " \r\n", "\t\n", "\r\r\n", "\r", "A:\r", "\r\r\r"} {
				finds(t, newFinder, "GET / HTTP/1.1\r\n"+line, 0)
			}
			finds(t, newFinder, "GET / HTTP/1.1\r\n \r\n"+get, len("GET / HTTP/1.1\r\n \r\n"+get))
		},
	},
	{
		Name: "any-cut", Rule: "the answer doesn't depend on where the bytes were cut", Source: "RFC 9293 section 3.8",
		Hint: "the end itself can be cut: \\r\\n\\r has come, and \\n comes later",
		Check: func(t lesson.T, newFinder newFunc) {
			for _, text := range []string{get + "body", typed + "body", "GET / HTTP/1.1\r\n \r\n\r\r\nA: b\n\r\nbody"} {
				length := strings.Index(text, "body")
				for cut := 1; cut < len(text); cut++ {
					findsInPieces(t, newFinder, length, text[:cut], text[cut:])
				}
				for cut := 1; cut < len(text)-3; cut++ {
					findsInPieces(t, newFinder, length, text[:cut], text[cut:cut+1], text[cut+1:cut+2], text[cut+2:])
				}
			}
		},
	},
	{
		Name: "looks-once", Rule: "a byte that was looked at is not looked at again, but for the last three", Source: "CWE-407, inefficient algorithmic complexity",
		Hint: "remember how far you have come: here the bytes before that have changed in the meantime",
		Check: func(t lesson.T, newFinder newFunc) {
			for _, text := range []string{get, typed, "GET /" + strings.Repeat("x", 500) + " HTTP/1.1\r\nHost: a\r\n\r\n"} {
				half := len(text) / 2
				for _, pieces := range [][]string{strings.Split(text, ""), {text[:half], text[half : half+1], text[half+1:]}} {
					got, err := feed(newFinder(), overwrite, pieces)
					require.NoError(t, err, "%s is not too long", shortened(pieces))
					require.Equal(t, len(text), got, "the length of the head of %s, whose older bytes have changed", shortened(pieces))
				}
			}
		},
	},
	{
		Name: "limit", Rule: "a head longer than Most is refused, also if its end never comes", Source: "RFC 6585 section 5",
		Hint: "count the empty line too, and count whatever the size of the pieces is",
		Check: func(t lesson.T, newFinder newFunc) {
			longest := "GET / HTTP/1.1\r\nA: " + strings.Repeat("x", Most-23) + "\r\n\r\n"
			require.Len(t, longest, Most)
			finds(t, newFinder, longest, Most)
			finds(t, newFinder, longest+get, Most)
			findsInPieces(t, newFinder, Most, longest[:Most-1], longest[Most-1:])

			tooLong := "x" + longest
			for _, pieces := range [][]string{{tooLong}, {tooLong[:100], tooLong[100:]}, {tooLong[:Most]}, {strings.Repeat("x", Most-1), "x"}} {
				length, err := feed(newFinder(), keep, pieces)
				require.ErrorIs(t, err, ErrTooLong, "%s has %d bytes, and ends nowhere in the first %d; got the length %d", shortened(pieces), len(strings.Join(pieces, "")), Most, length)
			}
		},
	},
}

// finds lets a new finder look at text, which has come in one piece. length 0 means: no end.
func finds(t lesson.T, newFinder newFunc, text string, length int) {
	t.Helper()
	findsInPieces(t, newFinder, length, text)
}

func findsInPieces(t lesson.T, newFinder newFunc, length int, pieces ...string) {
	t.Helper()
	got, err := feed(newFinder(), keep, pieces)
	require.NoError(t, err, "%s is not too long", shortened(pieces))
	require.Equal(t, length, got, "the length of the head of %s (0: the end has not come)", shortened(pieces))
}

// What becomes of bytes that the finder has seen.
const (
	keep      = false
	overwrite = true // with line ends, but for the last three bytes
)

// feed hands over one piece after the other until the finder has an answer.
func feed(f finder, overwrite bool, pieces []string) (length int, err error) {
	text := ""
	for _, piece := range pieces {
		seen := max(0, len(text)-3)
		text += piece
		buffer := []byte(text)
		if overwrite {
			copy(buffer, bytes.Repeat([]byte("\n"), seen))
		}
		length, err = f.Find(buffer)
		if length != 0 || err != nil {
			break
		}
	}
	return length, err
}

func shortened(pieces []string) string {
	const most = 200
	text := fmt.Sprintf("%q", pieces)
	if len(text) > most {
		return fmt.Sprintf("%s… (%d pieces)", text[:most], len(pieces))
	}
	return text
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[newFunc]{
		{
			Name: "forgets the empty line's length", Case: "whole",
			Message: "the length of the head of",
			Subject: answer(func(buffer []byte, _ *int) (int, error) {
				return max(0, bytes.Index(buffer, []byte("\r\n\r\n"))), nil
			}),
		},
		{
			Name: "searches all of the buffer for CRLF CRLF, each time", Case: "line-ends",
			Message: "the end has not come",
			Subject: answer(func(buffer []byte, _ *int) (int, error) {
				if i := bytes.Index(buffer, []byte("\r\n\r\n")); i >= 0 {
					return i + 4, nil
				}
				return 0, tooLong(len(buffer))
			}),
		},
		{
			Name: "looks whether what has come ends with an empty line", Case: "what-follows",
			Message: "the length of the head of",
			Subject: answer(func(buffer []byte, _ *int) (int, error) {
				if bytes.HasSuffix(buffer, []byte("\n\n")) || bytes.HasSuffix(buffer, []byte("\n\r\n")) {
					return len(buffer), nil
				}
				return 0, tooLong(len(buffer))
			}),
		},
		{
			Name: "trims a line before it looks whether it's empty", Case: "not-the-end",
			Message: "(0: the end has not come)",
			Subject: answer(func(buffer []byte, seen *int) (int, error) {
				return byLine(buffer, seen, func(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 })
			}),
		},
		{
			Name: "looks at the new bytes only", Case: "any-cut",
			Message: "(0: the end has not come)",
			Subject: answer(func(buffer []byte, seen *int) (int, error) {
				from := *seen
				*seen = len(buffer)
				for _, end := range []string{"\n\r\n", "\n\n"} {
					if i := bytes.Index(buffer[from:], []byte(end)); i >= 0 {
						return from + i + len(end), nil
					}
				}
				return 0, tooLong(len(buffer))
			}),
		},
		{
			Name: "begins anew at the first line, each time", Case: "looks-once",
			Message: "the length of the head of",
			Subject: answer(func(buffer []byte, _ *int) (int, error) {
				from := 0
				return byLine(buffer, &from, isEmpty)
			}),
		},
		{
			Name: "begins anew at the current line, each time", Case: "looks-once",
			Message: "the length of the head of",
			Subject: answer(func(buffer []byte, seen *int) (int, error) {
				return byLine(buffer, seen, isEmpty)
			}),
		},
		{
			Name: "has no limit", Case: "limit",
			Message: "and ends nowhere in the first 8192",
			Subject: answer(func(buffer []byte, seen *int) (int, error) {
				length, _ := careful(buffer, seen)
				return length, nil
			}),
		},
		{
			Name: "counts the bytes of each piece apart", Case: "limit",
			Message: "and ends nowhere in the first 8192",
			Subject: answer(func(buffer []byte, seen *int) (int, error) {
				piece := len(buffer) - *seen
				length, _ := careful(buffer, seen)
				if length == 0 || length > Most {
					return length, tooLong(piece)
				}
				return length, nil
			}),
		},
	}, lesson.JudgeInBubble[newFunc])
}

// An answer is a Finder that remembers one number.
type answerFinder struct {
	find func(buffer []byte, seen *int) (int, error)
	seen int
}

func (f *answerFinder) Find(buffer []byte) (int, error) { return f.find(buffer, &f.seen) }

func answer(find func(buffer []byte, seen *int) (int, error)) newFunc {
	return func() finder { return &answerFinder{find: find} }
}

// careful is right: what it has seen and needs again are two bytes at most.
func careful(buffer []byte, seen *int) (int, error) {
	from := max(0, *seen-2)
	*seen = len(buffer)
	for i := from; i < len(buffer); i++ {
		rest := buffer[i:]
		if bytes.HasPrefix(rest, []byte("\n\n")) {
			return i + 2, tooLong(i + 1)
		}
		if bytes.HasPrefix(rest, []byte("\n\r\n")) {
			return i + 3, tooLong(i + 2)
		}
	}
	return 0, tooLong(len(buffer))
}

// byLine looks at the lines from *seen on, and leaves there where the last one begins.
func byLine(buffer []byte, seen *int, ends func(line []byte) bool) (int, error) {
	for {
		line, _, found := bytes.Cut(buffer[*seen:], []byte("\n"))
		if !found {
			return 0, tooLong(len(buffer))
		}
		*seen += len(line) + 1
		if ends(line) {
			if *seen > Most {
				return 0, ErrTooLong
			}
			return *seen, nil
		}
	}
}

func isEmpty(line []byte) bool { return len(line) == 0 || string(line) == "\r" }

func tooLong(length int) error {
	if length >= Most {
		return ErrTooLong
	}
	return nil
}
