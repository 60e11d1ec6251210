package session

import (
	"fmt"
	"strings"
)

// AppendText appends the event as it is shown in a terminal: one line or several, each with its LF. Notices
// begin with "* ", what people say with a name in brackets, and what they do with both; so nobody can forge a notice, or
// be taken for somebody else.
func (e *Event) AppendText(dst []byte) []byte {
	switch e.Kind {
	case Said: // by far the most frequent, and so without fmt
		dst = append(dst, '[')
		dst = append(dst, e.From...)
		dst = append(dst, "] "...)
		dst = append(dst, e.Text...)
		return append(dst, '\n')
	case Did:
		return fmt.Appendf(dst, "* [%s] %s\n", e.From, e.Text)
	case Whispered:
		return fmt.Appendf(dst, "[%s -> %s] %s\n", e.From, e.To, e.Text)
	case Joined:
		return fmt.Appendf(dst, "* %s has joined %s\n", e.From, e.Room)
	case Left:
		return fmt.Appendf(dst, "* %s has left %s\n", e.From, e.Room)
	case Renamed:
		return fmt.Appendf(dst, "* %s is now called %s\n", e.From, e.To)
	case Gathered:
		return fmt.Appendf(dst, "* %s\n", e.Text)
	case Named:
		return fmt.Appendf(dst, "* you are now called %s\n", e.To)
	case Entered:
		return fmt.Appendf(dst, "* you are in %s, %s\n", e.Room, company(e.Count-1))
	case Earlier:
		return fmt.Appendf(dst, "* said before you came: %s\n", plural(e.Count, "message"))
	case Missed:
		return fmt.Appendf(dst, "* you missed %s\n", plural(e.Count, "message"))
	case Members:
		return fmt.Appendf(dst, "* %s in %s: %s\n", people(e.Count), e.Room, listed(e.Names, e.Count))
	case Rooms:
		return fmt.Appendf(dst, "* %s: %s\n", plural(e.Count, "room"), listed(e.Names, e.Count))
	default:
		for line := range strings.Lines(e.Text) {
			dst = fmt.Appendf(dst, "* %s\n", strings.TrimSuffix(line, "\n"))
		}
		return dst
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func company(others int) string {
	switch others {
	case 0:
		return "alone"
	case 1:
		return "with 1 other"
	default:
		return fmt.Sprintf("with %d others", others)
	}
}

// listed joins the names, and says how many there are besides.
func listed(names []string, count int) string {
	text := strings.Join(names, ", ")
	if more := count - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
