package pin

// A Line collects a text of up to 16 bytes, as a state machine does with a line that
// comes in pieces. text is a part of room, so a Line points into itself. It must not
// be copied after the first Append; nothing says so if it is.
type Line struct {
	room [16]byte
	text []byte // in room; elsewhere when it has become too long
}

// Append adds a piece.
func (l *Line) Append(piece string) {
	if l.text == nil {
		l.text = l.room[:0]
	}
	l.text = append(l.text, piece...)
}

// String returns what was collected.
func (l *Line) String() string { return string(l.text) }
