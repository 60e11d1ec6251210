package wire

import (
	"regexp"
	"strconv"
	"strings"

	"example.com/async/step05-select/session"
)

// Parse is the inverse of [session.Event.AppendText], for one line without its end. What it does not know is a
// [session.Notice]; one of several lines is several of them.
func Parse(line string) session.Event {
	if rest, ok := strings.CutPrefix(line, "["); ok {
		return spoken(line, rest)
	}
	rest, ok := strings.CutPrefix(line, "* ")
	if !ok {
		return session.Event{Kind: session.Notice, Text: line}
	}
	if named, ok := strings.CutPrefix(rest, "["); ok {
		from, text, _ := strings.Cut(named, "] ")
		return session.Event{Kind: session.Did, From: from, Text: text}
	}
	for _, form := range forms {
		if found := form.pattern.FindStringSubmatch(rest); found != nil {
			return form.event(found)
		}
	}
	return session.Event{Kind: session.Notice, Text: rest}
}

func spoken(line, rest string) session.Event {
	who, text, ok := strings.Cut(rest, "] ")
	from, to, whispered := strings.Cut(who, " -> ")
	switch {
	case !ok:
		return session.Event{Kind: session.Notice, Text: line}
	case whispered:
		return session.Event{Kind: session.Whispered, From: from, To: to, Text: text}
	default:
		return session.Event{Kind: session.Said, From: from, Text: text}
	}
}

// forms are the lines that begin with a star. $1 and so on are the groups.
var forms = []struct {
	pattern *regexp.Regexp
	event   func(found []string) session.Event
}{
	{regexp.MustCompile(`^(\S+) has joined (#\S+)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Joined, From: f[1], Room: f[2]}
	}},
	{regexp.MustCompile(`^(\S+) has left (#\S+)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Left, From: f[1], Room: f[2]}
	}},
	{regexp.MustCompile(`^(\S+) is now called (\S+)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Renamed, From: f[1], To: f[2]}
	}},
	{regexp.MustCompile(`^\d+ (?:person has|people have|has left|have left|has another name|have other names).*$`), func(f []string) session.Event {
		return session.Event{Kind: session.Gathered, Text: f[0]}
	}},
	{regexp.MustCompile(`^you are now called (\S+)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Named, To: f[1]}
	}},
	{regexp.MustCompile(`^you are in (#\S+), (alone|with (\d+) others?)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Entered, Room: f[1], Count: number(f[3]) + 1}
	}},
	{regexp.MustCompile(`^said before you came: (\d+) messages?$`), func(f []string) session.Event {
		return session.Event{Kind: session.Earlier, Count: number(f[1])}
	}},
	{regexp.MustCompile(`^you missed (\d+) messages?$`), func(f []string) session.Event {
		return session.Event{Kind: session.Missed, Count: number(f[1])}
	}},
	{regexp.MustCompile(`^(\d+) (?:person|people) in (#\S+): (.*)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Members, Room: f[2], Count: number(f[1]), Names: list(f[3])}
	}},
	{regexp.MustCompile(`^(\d+) rooms?: (.*)$`), func(f []string) session.Event {
		return session.Event{Kind: session.Rooms, Count: number(f[1]), Names: list(f[2])}
	}},
}

// number returns 0 for an empty text, as a group has that is not there.
func number(digits string) int {
	n, _ := strconv.Atoi(digits) // they are digits
	return n
}

var andMore = regexp.MustCompile(` and \d+ more$`)

func list(text string) []string {
	return strings.Split(andMore.ReplaceAllString(text, ""), ", ")
}
