package cluster

import "fmt"

// token writes any text as one token of a NATS subject, which is also a valid key of a bucket. Plain names stay
// readable; all other bytes become = and two digits. Different texts have different tokens.
func token(text string) string {
	var b []byte
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			b = append(b, c)
		default:
			b = fmt.Appendf(b, "=%02X", c)
		}
	}
	return string(b)
}

// subjects are the names of all that a chat has in NATS.
type subjects struct{ prefix string }

// room is where what is said in a room goes, and rooms are all of them. noRoom is one that no room has.
func (s subjects) room(name string) string { return s.prefix + ".room." + token(name[1:]) } // without its #
func (s subjects) rooms() string           { return s.prefix + ".room.*" }
func (s subjects) noRoom() string          { return s.prefix + ".room.=" }

// people is where nodes tell each other who is there, and node is where one node is told something.
func (s subjects) people() string        { return s.prefix + ".people" }
func (s subjects) node(id string) string { return s.prefix + ".node." + id }

// history is the stream of what was said, and names the bucket of who is called what.
func (s subjects) history() string { return s.prefix + "-history" }
func (s subjects) names() string   { return s.prefix + "-names" }
