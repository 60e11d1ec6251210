package pin

// A CheckedLine is a [Line] that finds out when it was copied. It remembers its own
// address at the first Append, and a copy has another one: so does [strings.Builder].
//
// This finds each copy that is used, and only when it is used. It costs a
// word in each value and a comparison in each call.
type CheckedLine struct {
	self *CheckedLine
	line Line
}

// Append adds a piece. It panics if the line is a copy of one that was in use.
func (c *CheckedLine) Append(piece string) {
	if c.self == nil {
		c.self = c
	}
	if c.self != c {
		panic("pin: this CheckedLine is a copy of one that was in use")
	}
	c.line.Append(piece)
}

// String returns what was collected.
func (c *CheckedLine) String() string { return c.line.String() }
