package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/session"
)

// A said is something that a person on some node has said in a room.
type said struct {
	node  string
	seq   uint64 // grows with each that the node sends
	prev  uint64 // the seq of what the node sent in this room before, since it has opened it; 0 if nothing
	event session.Event
}

// append writes it down: three words, and the event as JSON.
func (s *said) append(dst []byte) []byte {
	dst = fmt.Appendf(dst, "%s %d %d ", s.node, s.seq, s.prev)
	return s.event.AppendJSON(dst)
}

var errGarbled = errors.New("cluster: a message that can't be understood")

// parseSaid is the inverse of append. It fails for all that no node would send, and the event that it returns is safe to show.
func parseSaid(p []byte, room string) (said, error) {
	node, p, _ := bytes.Cut(p, []byte(" "))
	seq, p, _ := bytes.Cut(p, []byte(" "))
	prev, p, _ := bytes.Cut(p, []byte(" "))
	s := said{node: string(node)}
	var err, err2 error
	s.seq, err = strconv.ParseUint(string(seq), 10, 64)
	s.prev, err2 = strconv.ParseUint(string(prev), 10, 64)
	if err != nil || err2 != nil || s.seq <= s.prev || !validNode(s.node) {
		return said{}, errGarbled
	}
	e, err := session.ParseJSON(p)
	if err != nil {
		return said{}, errGarbled
	}
	if !e.Spoken() || e.Room != room || e.ID < oldest || !validSpeech(e) {
		return said{}, errGarbled
	}
	s.event = session.Event{Kind: e.Kind, ID: e.ID, Time: e.Time, Room: e.Room, From: e.From, Text: e.Text}
	return s, nil
}

// oldest is an ID of the year 2001. No message is older.
const oldest = 1_000_000_000_000_000

// maxText is how long a text can be, in bytes: more than any server's -max-line should be.
const maxText = 256 << 10

// validSpeech reports whether what somebody says can be shown as it is. A browser knows no years of more than six digits.
func validSpeech(e session.Event) bool {
	return validName(e.From) && !e.Time.Before(time.UnixMicro(oldest)) && e.Time.Year() < 10_000 && validText(e.Text)
}

// validText reports whether a text is one line, and safe to show: what package lines makes of it is the same.
func validText(text string) bool {
	decoder := lines.Decoder{Max: maxText}
	line, rest, err := decoder.Next([]byte(text + "\n"))
	return err == nil && len(rest) == 0 && string(line) == text
}

// validName reports whether a name is safe to show. Whether a person may be called that is for its own node to
// say; guests are called what nobody else may be.
func validName(name string) bool {
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > 2*session.MaxName {
		return false
	}
	for _, r := range name {
		if !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return true
}

// validRoom is validName for rooms.
func validRoom(name string) bool { return name != "" && name[0] == '#' && validName(name[1:]) }

// validNode reports whether that can be the ID of a node.
func validNode(id string) bool {
	if id == "" || len(id) > 32 {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
