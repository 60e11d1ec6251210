package session

import (
	"encoding/json"
	"time"
)

// AppendJSON appends the event as the page gets it: a JSON object without a line end. Its keys are the fields'
// names in small letters; those that mean nothing are left out. "time" is in milliseconds since 1970.
func (e *Event) AppendJSON(dst []byte) []byte {
	form := jsonEvent{
		Kind: e.Kind.String(), ID: e.ID, Room: e.Room, From: e.From, To: e.To,
		Text: e.Text, Count: e.Count, Names: e.Names,
	}
	if !e.Time.IsZero() {
		form.Time = e.Time.UnixMilli()
	}
	encoded, err := json.Marshal(form)
	if err != nil {
		panic(err) // strings and numbers can always be encoded
	}
	return append(dst, encoded...)
}

// ParseJSON is the inverse of AppendJSON: for what comes from another server. It fails if p is no event.
func ParseJSON(p []byte) (Event, error) {
	var form jsonEvent
	if err := json.Unmarshal(p, &form); err != nil {
		return Event{}, err
	}
	e := Event{
		ID: form.ID, Room: form.Room, From: form.From, To: form.To,
		Text: form.Text, Count: form.Count, Names: form.Names,
	}
	if form.Time != 0 {
		e.Time = time.UnixMilli(form.Time)
	}
	for kind, name := range kindNames {
		if name != "" && name == form.Kind {
			e.Kind = Kind(kind)
			return e, nil
		}
	}
	return Event{}, &UnknownKindError{Kind: form.Kind}
}

// An UnknownKindError says that a JSON object is an event of a kind that there is not.
type UnknownKindError struct{ Kind string }

func (e *UnknownKindError) Error() string { return "session: there is no event of kind " + e.Kind }

type jsonEvent struct {
	Kind  string   `json:"kind"`
	ID    uint64   `json:"id,omitempty"` // microseconds since 1970: exact in a JavaScript number until the year 2255
	Time  int64    `json:"time,omitempty"`
	Room  string   `json:"room,omitempty"`
	From  string   `json:"from,omitempty"`
	To    string   `json:"to,omitempty"`
	Text  string   `json:"text,omitempty"`
	Count int      `json:"count,omitempty"`
	Names []string `json:"names,omitempty"`
}
