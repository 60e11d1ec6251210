package lines

import "bytes"

// A Telnet takes the commands of telnet out of what a client sends. People use that program to talk to any server, and
// when they press Ctrl-C, for example, it sends commands in between. Each begins with a byte that no UTF-8
// has, 0xFF. (RFC 854)
//
// The zero value is ready. It is not safe for use by several goroutines.
type Telnet struct {
	state telnetState
}

// NoTimingMark is the answer to who asked for a timing mark: there will be none. (RFC 860)
const NoTimingMark = "\xff\xfc\x06"

type telnetState uint8

const (
	inText       telnetState = iota
	afterIAC                 // what kind of command is it?
	afterDo                  // which option does it ask for?
	afterOther               // the same after WILL, WONT and DONT: nobody wants to know
	inParameters             // of an option, until IAC SE
	iacInParameters
)

// The bytes of commands: all from commandSE on.
const (
	commandSE   = 0xF0
	commandSB   = 0xFA // begins parameters, which end with SE
	commandWill = 0xFB
	commandDo   = 0xFD
	commandDont = 0xFE
	commandIAC  = 0xFF // begins each command; twice it means itself
	timingMark  = 0x06
)

// Strip returns p without commands, as far as it is known which bytes are one: a command can be cut in two. An 0xFF
// that is followed by something else stays, and so does what follows it.
//
// asked reports whether telnet has asked for a timing mark, as it does after Ctrl-C. Until it gets an answer, it shows
// its user nothing of what the server sends.
func (t *Telnet) Strip(p []byte) (text []byte, asked bool) {
	if t.state == inText && bytes.IndexByte(p, commandIAC) < 0 {
		return p, false
	}
	text = make([]byte, 0, len(p)+1)
	for _, b := range p {
		switch t.state {
		case inText:
			if b == commandIAC {
				t.state = afterIAC
			} else {
				text = append(text, b)
			}
		case afterIAC:
			text = t.command(text, b)
		case afterDo:
			asked = asked || b == timingMark
			t.state = inText
		case afterOther:
			t.state = inText
		case inParameters:
			switch b {
			case commandIAC:
				t.state = iacInParameters
			case '\n': // these were none: else nothing more would ever be heard of this client
				text = append(text, b)
				t.state = inText
			}
		case iacInParameters:
			t.state = inParameters
			if b == commandSE {
				t.state = inText
			}
		}
	}
	return text, asked
}

// command takes the byte after an IAC.
func (t *Telnet) command(text []byte, b byte) []byte {
	t.state = inText
	switch {
	case b == commandIAC:
		return append(text, commandIAC)
	case b == commandDo:
		t.state = afterDo
	case b >= commandWill && b <= commandDont:
		t.state = afterOther
	case b == commandSB:
		t.state = inParameters
	case b < commandSE:
		return append(text, commandIAC, b)
	}
	return text
}
