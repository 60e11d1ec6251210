package pin

import (
	"runtime"
	"weak"
)

// StayOnHeap returns the address of a variable on the heap, before and after a garbage collection that
// has had gaps to close.
//
// Go's collector never moves anything. The language doesn't promise that: it only promises that a
// pointer goes on to point at its variable, wherever that is.
func StayOnHeap() (before, after uintptr) {
	var among [1000]*int
	for i := range among {
		among[i] = new(int)
	}
	one := among[len(among)/2]
	before = address(one)
	among = [1000]*int{} // the neighbours are garbage
	runtime.GC()
	return before, address(one)
}

// KeepForC shows what [runtime.Pinner] does, and all that it does: a variable that is pinned
// is neither moved nor freed, although no Go pointer leads to it, until it is unpinned. kept
// reports whether it was there before that, freed whether it was gone afterwards.
//
// It is for memory whose address is stored where the collector doesn't look: in C memory, by a
// call of cgo, or in the kernel, by io_uring. A Future in Go needs no Pinner: whoever can
// wake it has a Go pointer to it.
func KeepForC() (kept, freed bool) {
	buffer := new([512]byte)
	watch := weak.Make(buffer) // does not keep it
	var pinner runtime.Pinner
	pinner.Pin(buffer)
	// buffer is not used from here on. C may still write into it.
	runtime.GC()
	kept = watch.Value() != nil
	pinner.Unpin()
	// A dead pointer may stand on the stack for a while, so it may take more than one collection.
	for range 10 {
		runtime.GC()
		if watch.Value() == nil {
			return kept, true
		}
	}
	return kept, false
}
