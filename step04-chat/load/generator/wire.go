package generator

import (
	"bytes"
	"strconv"
)

// A wire is how the messages of one run look in lines:
//
//	~3f2a 7 123 xxxxxxxx     the message number 123 of the sender number 7
//	~3f2a hello              says that its sender is in the room
//
// The first word is the run's alone: what others say, or an earlier run, is not taken for its own.
type wire struct {
	mark   []byte // "~3f2a "
	size   int    // bytes of a message, without the end of its line
	filler []byte
}

func newWire(run uint16, size int) wire {
	return wire{
		mark:   []byte("~" + strconv.FormatUint(0x10000|uint64(run), 16)[1:] + " "),
		size:   size,
		filler: bytes.Repeat([]byte("x"), size),
	}
}

// append appends the line of a message.
func (w *wire) append(line []byte, sender int, number uint64) []byte {
	start := len(line)
	line = append(line, w.mark...)
	line = strconv.AppendUint(line, uint64(sender), 10)
	line = append(line, ' ')
	line = strconv.AppendUint(line, number, 10)
	line = append(line, ' ')
	line = append(line, w.filler[:max(0, w.size-(len(line)-start))]...)
	return append(line, '\n')
}

func (w *wire) hello() []byte { return append(bytes.Clone(w.mark), "hello\n"...) }

// A kind is what a line is.
type kind uint8

const (
	other   kind = iota // nothing that we have sent
	message             // one of ours, as it was sent
	garbled             // one of ours, with other content
	hello               // somebody is in the room
	missed              // the server tells how many messages were missed
)

// parse tells what a line is that the server has sent, given without its end. For a message it returns the
// sender and its number, for missed the number of messages.
func (w *wire) parse(line []byte) (is kind, sender int, number uint64) {
	if len(line) == 0 || line[0] != '[' {
		return parseNotice(line)
	}
	text := line[bytes.IndexByte(line, ' ')+1:] // an address has no space
	if !bytes.HasPrefix(text, w.mark) {
		return other, 0, 0
	}
	rest := text[len(w.mark):]
	if string(rest) == "hello" {
		return hello, 0, 0
	}
	from, rest, ok := cutNumber(rest)
	number, rest, also := cutNumber(rest)
	if !ok || !also || len(text) != max(w.size, len(text)-len(rest)) || !bytes.Equal(rest, w.filler[:len(rest)]) {
		return garbled, 0, 0
	}
	return message, int(from), number
}

var noticePrefix = []byte("* you missed ")

func parseNotice(line []byte) (is kind, _ int, number uint64) {
	if rest, ok := bytes.CutPrefix(line, noticePrefix); ok {
		if number, _, ok := cutNumber(rest); ok {
			return missed, 0, number
		}
	}
	return other, 0, 0
}

// cutNumber takes a number and the space behind it off the front. A number of more than 18 digits is
// none of ours.
func cutNumber(text []byte) (number uint64, rest []byte, ok bool) {
	for i, b := range text {
		switch {
		case b >= '0' && b <= '9' && i < 18:
			number = 10*number + uint64(b-'0')
		case b == ' ' && i > 0:
			return number, text[i+1:], true
		default:
			return 0, nil, false
		}
	}
	return 0, nil, false
}
