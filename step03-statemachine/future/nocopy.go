package future

// A NoCopy field makes go vet report whoever copies the struct: vet looks for values with a
// Lock and an Unlock method. It is as much of Rust's Pin as Go has. A Future needs it if
// somebody else refers to it while it waits: a heap of timers, say. As the first field it
// takes no room; as the last it would take a word.
type NoCopy struct{}

// Lock does nothing, and nobody calls it: vet looks for it.
func (*NoCopy) Lock() {}

// Unlock is the other method that vet looks for.
func (*NoCopy) Unlock() {}
