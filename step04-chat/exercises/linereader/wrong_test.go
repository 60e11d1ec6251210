package linereader_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/exercises/linereader"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[newFunc]{
		{
			Name: "takes one line out of each piece", Case: "lines",
			Message: `the lines in "one\ntwo\n\nfour\n"`,
			Subject: wrong(fault{oneEach: true}),
		},
		{
			Name: "thinks that an empty line is nothing", Case: "lines",
			Message: `the lines in "one\ntwo\n\nfour\n"`,
			Subject: wrong(fault{dropsEmpty: true}),
		},
		{
			Name: "leaves the CR in the line", Case: "crlf",
			Message: `the lines in "one\r\ntwo\n\r\nfour\r\n"`,
			Subject: wrong(fault{keepsCR: true}),
		},
		{
			Name: "takes all CRs off the end", Case: "crlf",
			Message: `the lines in "a\rb\r\r\n"`,
			Subject: wrong(fault{trimsCRs: true}),
		},
		{
			Name: "ends a line at a CR, too", Case: "crlf",
			Message: `the lines in "one\r\ntwo\n\r\nfour\r\n"`,
			Subject: wrong(fault{endsAtCR: true}),
		},
		{
			Name: "takes each piece for a line", Case: "any-cut",
			Message: "which came in 2 pieces",
			Subject: wrong(fault{pieceIsLine: true}),
		},
		{
			Name: "forgets what came of a line", Case: "any-cut",
			Message: "which came in 2 pieces",
			Subject: wrong(fault{forgets: true}),
		},
		{
			Name: "makes each piece a string that is safe, and joins them", Case: "any-cut",
			Message: "which came in 2 pieces",
			Subject: wrong(fault{cleansPieces: true}),
		},
		{
			Name: "keeps a slice of the read buffer", Case: "buffer",
			Message: "each in the same buffer",
			Subject: wrong(fault{keepsBuffer: true}),
		},
		{
			Name: "passes on what it got", Case: "invalid",
			Message: `the lines in "a\xffb\n"`,
			Subject: wrong(fault{clean: func(text string) string { return text }}),
		},
		{
			Name: "drops what is not UTF-8", Case: "invalid",
			Message: `the lines in "a\xffb\n"`,
			Subject: wrong(fault{clean: func(text string) string { return noControls(strings.ToValidUTF8(text, "")) }}),
		},
		{
			Name: "replaces wrong bytes that stand together by one U+FFFD", Case: "invalid",
			Message: `the lines in "\xe4\xb8x\xf0\x9f\x91\n"`,
			Subject: wrong(fault{clean: func(text string) string { return noControls(strings.ToValidUTF8(text, "\ufffd")) }}),
		},
		{
			Name: "lets escape sequences through", Case: "control",
			Message: `the lines in "\x1b[2Jhello\n"`,
			Subject: wrong(fault{clean: func(text string) string { return string([]rune(strings.ReplaceAll(text, "\r", "\ufffd"))) }}),
		},
		{
			Name: "knows the control characters of ASCII only", Case: "control",
			Message: `the lines in "a\u009b2Jb\u0085c\n"`,
			Subject: wrong(fault{clean: func(text string) string {
				return strings.Map(func(r rune) rune {
					if r < ' ' || r == 0x7f {
						return utf8.RuneError
					}
					return r
				}, text)
			}}),
		},
		{
			Name: "has no limit", Case: "limit",
			Message: "(4097 bytes) \"next\"",
			Subject: wrong(fault{noLimit: true}),
		},
		{
			Name: "counts the CR", Case: "limit",
			Message: "(4103 bytes)",
			Subject: wrong(fault{countsCR: true}),
		},
		{
			Name: "counts runes", Case: "limit",
			Message: "the lines in \"üüü",
			Subject: wrong(fault{countsRunes: true}),
		},
		{
			Name: "gives out a line that is too long in parts", Case: "limit-once",
			Message: "the lines in \"before",
			Subject: wrong(fault{inParts: true}),
		},
		{
			Name: "takes the rest of a line that was too long for a line", Case: "limit-once",
			Message: "the lines in \"before",
			Subject: wrong(fault{noSkip: true}),
		},
		{
			Name: "sees at its end that a line was too long", Case: "limit-told-at-once",
			Message: "what is known already?",
			Subject: wrong(fault{atEnd: true}),
		},
		{
			Name: "keeps what it passes over", Case: "limit-memory",
			Message: "by how many bytes has the Decoder grown?",
			Subject: wrong(fault{keepsSkipped: true}),
		},
		{
			Name: "has an empty End", Case: "end",
			Message: `the line that "hello" ends in the middle of`,
			Subject: wrong(fault{noEnd: true}),
		},
		{
			Name: "ends with a line, whatever there is", Case: "end",
			Message: `the line that "" ends in the middle of`,
			Subject: wrong(fault{alwaysEnds: true}),
		},
		{
			Name: "ends in the middle of a letter", Case: "end",
			Message: `the line that "gr\xc3" ends in the middle of`,
			Subject: wrong(fault{endsCut: true}),
		},
	}, lesson.JudgeInBubble[newFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	oneEach, dropsEmpty, keepsCR, trimsCRs, endsAtCR, pieceIsLine, forgets, cleansPieces, keepsBuffer bool
	noLimit, countsCR, countsRunes, inParts, noSkip, atEnd, keepsSkipped, noEnd, alwaysEnds, endsCut  bool

	clean func(text string) string
}

func wrong(f fault) newFunc {
	return func() decoder {
		if f.clean == nil {
			f.clean = noControls
		}
		return &bytewiseDecoder{fault: f}
	}
}

// noControls is what makes a line safe.
func noControls(text string) string {
	safe := []rune(text)
	for i, r := range safe {
		if r < ' ' || 0x7f <= r && r < 0xa0 {
			safe[i] = utf8.RuneError
		}
	}
	return string(safe)
}

// A bytewiseDecoder is right but for its fault. It looks at one byte after the other.
type bytewiseDecoder struct {
	fault
	line   []byte
	size   int // of the line, also of what is not kept
	letter int // how many runes have begun
	told   bool
}

func (d *bytewiseDecoder) Decode(arrived []byte) (lines []linereader.Line) {
	if d.keepsBuffer && d.line == nil && !bytes.Contains(arrived, []byte{'\n'}) && len(arrived) > 1 {
		d.line, d.size = arrived, len(arrived)
		return nil
	}
	if d.forgets {
		d.reset()
	}
	if d.cleansPieces {
		arrived = []byte(strings.NewReplacer("\ufffd\n", "\n").Replace(d.cleanPiece(string(arrived))))
	}
	for _, b := range arrived {
		if b == '\n' || b == '\r' && d.endsAtCR {
			lines = d.endLine(lines)
			if d.oneEach {
				break
			}
			continue
		}
		d.size++
		if utf8.RuneStart(b) {
			d.letter++
		}
		if !d.told || d.keepsSkipped {
			d.line = append(d.line, b)
		}
		if !d.told && d.tooLong() && !d.atEnd {
			lines = append(lines, linereader.Line{TooLong: true})
			d.told = true
			if d.inParts || d.noSkip {
				d.reset()
			}
		}
	}
	if d.pieceIsLine && len(d.line) > 0 {
		lines = d.endLine(lines)
	}
	return lines
}

// cleanPiece cleans a piece, but for its line ends.
func (d *bytewiseDecoder) cleanPiece(piece string) string {
	lines := strings.Split(piece, "\n")
	for i := range lines {
		text, cr := strings.CutSuffix(lines[i], "\r")
		if lines[i] = noControls(text); cr {
			lines[i] += "\r"
		}
	}
	return strings.Join(lines, "\n")
}

func (d *bytewiseDecoder) endLine(lines []linereader.Line) []linereader.Line {
	text := string(d.line)
	switch {
	case d.trimsCRs:
		text = strings.TrimRight(text, "\r")
	case !d.keepsCR:
		text = strings.TrimSuffix(text, "\r")
	}
	switch {
	case d.told:
	case d.atEnd && len(text) > linereader.MostLine:
		lines = append(lines, linereader.Line{TooLong: true})
	case text == "" && d.dropsEmpty:
	default:
		lines = append(lines, linereader.Line{Text: d.clean(text)})
	}
	d.reset()
	return lines
}

func (d *bytewiseDecoder) reset() {
	d.line, d.size, d.letter, d.told = nil, 0, 0, false
}

func (d *bytewiseDecoder) tooLong() bool {
	size := d.size
	if d.countsRunes {
		size = d.letter
	}
	if size == linereader.MostLine+1 && d.line[len(d.line)-1] == '\r' && !d.countsCR {
		return false
	}
	return size > linereader.MostLine && !d.noLimit
}

func (d *bytewiseDecoder) End() (linereader.Line, bool) {
	switch {
	case d.alwaysEnds:
	case d.noEnd, d.told, len(d.line) == 0, !utf8.Valid(d.line) && !d.endsCut:
		return linereader.Line{}, false
	}
	return linereader.Line{Text: d.clean(strings.TrimSuffix(string(d.line), "\r"))}, true
}
