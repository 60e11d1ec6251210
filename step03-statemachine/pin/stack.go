package pin

import "unsafe"

// MoveStack makes a goroutine's stack grow under a local variable. It returns the variable's
// address before and after, and what was read after that through a pointer that was
// taken before.
//
// A goroutine starts with a few KiB of stack. When they don't suffice, the runtime
// allocates twice as much, copies the stack there, and mends each pointer into it. It knows where
// they are; and nobody else can have one, since a variable whose address gets out of its
// goroutine's stack is put on the heap. So Go moves values, and a program can't tell,
// except by a uintptr, as here: that is a number, and nobody mends it.
func MoveStack() (before, after uintptr, read int) {
	done := make(chan struct{})
	go func() { // a new stack, and so a small one
		defer close(done)
		local := 1
		pointer := &local
		before = address(pointer)
		deeper(maxFrames)
		local = 2
		after, read = address(pointer), *pointer
	}()
	<-done
	return before, after, read
}

// A new stack is never as large as maxFrames frames of deeper: 1 MiB.
const maxFrames = 1024

// deeper needs frames times 1 KiB of stack.
//
//go:noinline
func deeper(frames int) (sum byte) {
	var frame [1024]byte
	if frames > 0 {
		frame[frames%len(frame)] = deeper(frames-1) + 1
	}
	for _, b := range frame {
		sum += b
	}
	return sum
}

// address returns the number of the byte at which p points. It is not inlined, so that
// the compiler can't see that p is always the same.
//
//go:noinline
func address(p *int) uintptr { return uintptr(unsafe.Pointer(p)) }
