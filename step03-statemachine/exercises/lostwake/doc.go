// Package lostwake is exercise 3.4: find a lost wake-up, and repair it.
//
// broken.go has a fault that hardly ever shows. First let package explore find the order
// of steps that brings it about:
//
//	go test -v -run=Broken ./step03-statemachine/exercises/lostwake
//
// Then edit exercise.go. It is done when
//
//	go test -run=Exercise ./step03-statemachine/exercises/lostwake
//
// passes: the explorer tries your Cell in every order. (15 minutes)
package lostwake

import "example.com/async/step03-statemachine/future"

// A Note says whether there is something to know. Each method is one step: no other thread comes
// in between, and any number of them may come between two of your steps. It
// is a sync/atomic.Bool that the explorer can watch.
type Note struct {
	before func(step string)
	left   bool
}

// Leave leaves the note. Two that were left are one.
func (n *Note) Leave() {
	n.before("leave the note")
	n.left = true
}

// Take takes the note away, and reports whether there was one.
func (n *Note) Take() bool {
	n.before("take the note")
	was := n.left
	n.left = false
	return was
}

// A Slot has room for one waker. Each method is one step.
type Slot struct {
	before func(step string)
	waker  future.Waker
}

// Put puts a waker into the slot, in place of what was there.
func (s *Slot) Put(waker future.Waker) {
	s.before("put the waker")
	s.waker = waker
}

// Take takes the waker out of the slot; nil if there is none.
func (s *Slot) Take() future.Waker {
	s.before("take the waker")
	was := s.waker
	s.waker = nil
	return was
}
