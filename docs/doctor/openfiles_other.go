//go:build !unix

package doctor

// openFileLimit: Windows limits its handles by memory only.
func openFileLimit() (limit uint64, limited bool) { return 0, false }
