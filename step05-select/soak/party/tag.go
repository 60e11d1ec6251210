package party

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A tag is how a line of the soak is known wherever it turns up: who said it, and its number among what that client said.
type tag struct{ client, number uint32 }

func (t tag) String() string { return fmt.Sprintf("line %d of client %d", t.number, t.client) }

// pieces are what lines are made of: what is typed, and what others may see of it. What is no UTF-8 is for
// terminals alone: in a WebSocket it ends the connection.
var pieces = []struct {
	typed, shown string
	invalid      bool
}{
	{typed: "and so on ", shown: "and so on "},
	{typed: "x", shown: "x"},
	{typed: "好 ", shown: "好 "},
	{typed: "👩‍🚀", shown: "👩‍🚀"},
	{typed: "שלום ", shown: "שלום "},
	{typed: "a\tb", shown: "a b"},
	{typed: "<b>&amp;", shown: "<b>&amp;"},
	{typed: "\x1b[31m", shown: "\uFFFD[31m"},
	{typed: "\x00\x07", shown: "\uFFFD\uFFFD"},
	{typed: "\u202e", shown: "\uFFFD"},
	{typed: "\u009b2J", shown: "\uFFFD2J"},
	{typed: "\u2028", shown: "\uFFFD"},
	{typed: "(\xfe)", shown: "(\uFFFD)", invalid: true},
	{typed: "(\x80\x80)", shown: "(\uFFFD\uFFFD)", invalid: true},
	{typed: "(\xe5\xa5)", shown: "(\uFFFD\uFFFD)", invalid: true},
}

// onWeb says how a client talks, so that everybody knows what its lines are made of.
func onWeb(client uint32) bool { return client%2 == 1 }

// line returns what the client types, and what others must see. Both are always the same for a tag and a seed.
func (t tag) line(seed uint64) (typed, shown string) {
	random := rand.New(rand.NewPCG(seed, uint64(t.client)<<32|uint64(t.number)))
	var in, out strings.Builder
	add := func(typed, shown string) { in.WriteString(typed); out.WriteString(shown) }
	head := fmt.Sprintf("~%d.%d ", t.client, t.number)
	add(head, head)
	for range random.IntN(12) {
		if p := pieces[random.IntN(len(pieces))]; !p.invalid || !onWeb(t.client) {
			add(p.typed, p.shown)
		}
	}
	if random.IntN(50) == 0 { // a long one
		long := strings.Repeat("long ", random.IntN(500))
		add(long, long)
	}
	add(".", ".")
	return in.String(), out.String()
}

// tagOf returns the tag of a line that was heard. ok is false if it has none.
func tagOf(text string) (t tag, ok bool) {
	rest, ok := strings.CutPrefix(text, "~")
	if !ok {
		return tag{}, false
	}
	head, _, _ := strings.Cut(rest, " ")
	client, number, ok := strings.Cut(head, ".")
	return tag{decimal(client), decimal(number)}, ok && decimal(client) > 0 && decimal(number) > 0
}

// decimal returns 0 for what is no number.
func decimal(digits string) (n uint32) {
	for _, d := range []byte(digits) {
		if d < '0' || d > '9' || n > 1<<28 {
			return 0
		}
		n = 10*n + uint32(d-'0')
	}
	return n
}
