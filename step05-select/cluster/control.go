package cluster

import (
	"encoding/json"

	"example.com/async/step05-select/session"
)

// A control is what nodes tell each other besides what is said in rooms. Which fields mean something depends on the Kind.
type control struct {
	Kind kind   `json:"kind"`
	Node string `json:"node"` // who sends it

	// Version counts how often the people of the node have changed.
	Version uint64 `json:"version,omitempty"`

	// Of a change: who was called Was is called Name, and is in Room.
	Was  string `json:"was,omitempty"`
	Name string `json:"name,omitempty"`
	Room string `json:"room,omitempty"`

	// Of a snapshot: this is part Part of Parts, the first is 0.
	Part   int      `json:"part,omitempty"`
	Parts  int      `json:"parts,omitempty"`
	People []person `json:"people,omitempty"`

	// Of a whisper and its refusal: the key of who is to get it, and who said it.
	Seq   uint64          `json:"seq,omitempty"` // grows with each that the node sends
	Key   string          `json:"key,omitempty"`
	From  string          `json:"from,omitempty"`
	Event json.RawMessage `json:"event,omitempty"`
	Text  string          `json:"text,omitempty"`
}

// A kind says what a control is for.
type kind string

const (
	// To all nodes: I am here; I am new here, tell me so, too; one of my people has come, gone or changed;
	// I am going.
	beat  kind = "beat"
	hello kind = "hello"
	delta kind = "delta"
	gone  kind = "gone"

	// To one node: tell me all your people; here they are.
	ask      kind = "ask"
	snapshot kind = "snapshot"

	// To one node: this is for one of your people; it could not be delivered.
	whisper kind = "whisper"
	refusal kind = "refusal"
)

// A person is where somebody is.
type person struct {
	Name string `json:"name"`
	Room string `json:"room"`
}

func (c control) encode() []byte {
	encoded, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers can always be encoded
	}
	return encoded
}

// maxParts bounds a snapshot, and partSize is how many people are in a part: that is less than NATS's largest message, 1 MiB.
const (
	maxParts = 1000
	partSize = 1000
)

// parseControl fails for all that no node would send. What it returns is safe to show.
func parseControl(p []byte) (control, error) {
	var c control
	if err := json.Unmarshal(p, &c); err != nil || !validNode(c.Node) {
		return control{}, errGarbled
	}
	ok := true
	switch c.Kind {
	case beat, hello, gone, ask:
	case delta:
		ok = (c.Was == "" || validName(c.Was)) && validName(c.Name) && (c.Room == "" || validRoom(c.Room))
	case snapshot:
		ok = 0 <= c.Part && c.Part < c.Parts && c.Parts <= maxParts && len(c.People) <= partSize
		for _, p := range c.People {
			ok = ok && validName(p.Name) && validRoom(p.Room)
		}
	case whisper, refusal:
		ok = len(c.Key) <= maxKey && len(c.From) <= maxKey && validText(c.Text)
	default:
		ok = false
	}
	if !ok {
		return control{}, errGarbled
	}
	return c, nil
}

// maxKey is how long the key of a name can be, in bytes. One letter can become several.
const maxKey = 1 << 10

// whispered returns what is whispered.
func (c *control) whispered() (session.Event, error) {
	e, err := session.ParseJSON(c.Event)
	if err != nil || e.Kind != session.Whispered || !validSpeech(e) || !validName(e.To) {
		return session.Event{}, errGarbled
	}
	return session.Event{Kind: e.Kind, Time: e.Time, From: e.From, To: e.To, Text: e.Text}, nil
}
