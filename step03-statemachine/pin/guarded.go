package pin

// A GuardedLine is a [Line] whose copies go vet reports, also those that no test ever
// executes. At run time there is no check.
type GuardedLine struct {
	_    noCopy // as the first field it takes no room; as the last it would take a word
	line Line
}

// Append adds a piece.
func (g *GuardedLine) Append(piece string) { g.line.Append(piece) }

// String returns what was collected.
func (g *GuardedLine) String() string { return g.line.String() }

// A noCopy makes go vet's check copylocks believe that the struct around it holds a lock:
// the check looks for the methods Lock and Unlock of a pointer, and for nothing else. Nobody
// calls them. Packages sync and sync/atomic of the standard library have it under the same name.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
