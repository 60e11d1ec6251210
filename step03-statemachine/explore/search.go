package explore

import (
	"errors"
	"slices"
)

// Limits bound a search. The zero value means 1,000,000 orders, any number of preemptions,
// 1,000 steps.
type Limits struct {
	// Orders is how many runs there are at most.
	Orders int

	// Preemptions is how often a run may switch away from a thread that could have gone on. Two or
	// three find nearly every bug; programs of more than two threads have too many orders without
	// it. Negative means none at all.
	Preemptions int

	// Steps is how many steps a run may have. More of them is a failure.
	Steps int
}

// Stats tell what a search has done.
type Stats struct {
	Orders   int  // how many orders were run; no order is run twice
	Complete bool // whether these are all that there are
}

// Search runs program in one order after the other, until one fails or all have been tried. Those
// with fewer preemptions come first, so a failure is among the simplest that there are. It returns
// nil if no order has failed.
//
// There is no state kept between runs but a list of orders still to try: each is the beginning of
// an earlier run, and another choice at its end.
func Search(limits Limits, program Program) (*Failure, Stats) {
	s := &search{limits: limits.orDefault(), now: [][]byte{nil}}
	for {
		if len(s.now) == 0 {
			s.now, s.later = s.later, nil
			s.preemptions++
			if len(s.now) == 0 {
				return nil, Stats{Orders: s.orders, Complete: !s.cut}
			}
		}
		if s.orders == s.limits.Orders {
			return nil, Stats{Orders: s.orders}
		}
		prefix := s.now[len(s.now)-1]
		s.now = s.now[:len(s.now)-1]
		s.orders++
		if w := s.run(program, prefix); w.message != "" {
			return newFailure(w), Stats{Orders: s.orders}
		}
	}
}

type search struct {
	limits      Limits
	now         [][]byte // beginnings of orders that have this many preemptions
	later       [][]byte // one preemption more
	preemptions int
	orders      int
	cut         bool // some order has been left out
}

// run runs program along prefix, then with as few switches as possible. All choices
// that it could have made after the prefix are orders to try.
func (s *search) run(program Program, prefix []byte) *World {
	path := slices.Clone(prefix)
	return run(program, s.limits.Steps, func(step int, enabled []int, last int) (int, error) {
		if step < len(prefix) {
			next := int(prefix[step])
			if !slices.Contains(enabled, next) {
				return 0, errNotDeterministic
			}
			return next, nil
		}
		next := enabled[0]
		lastEnabled := slices.Contains(enabled, last)
		if lastEnabled {
			next = last
		}
		for _, other := range slices.Backward(enabled) { // so that the first of them is tried first
			switch {
			case other == next:
			case !lastEnabled:
				s.now = append(s.now, branch(path, other))
			case s.preemptions < s.limits.Preemptions:
				s.later = append(s.later, branch(path, other))
			default:
				s.cut = true
			}
		}
		path = append(path, byte(next))
		return next, nil
	})
}

var errNotDeterministic = errors.New("explore: the program is not deterministic: " +
	"the same choices have led to another state")

func branch(path []byte, next int) []byte {
	b := make([]byte, len(path)+1)
	copy(b, path)
	b[len(path)] = byte(next)
	return b
}

func (l Limits) orDefault() Limits {
	if l.Orders == 0 {
		l.Orders = 1_000_000
	}
	if l.Preemptions == 0 {
		l.Preemptions = 1 << 30
	}
	if l.Steps == 0 {
		l.Steps = 1000
	}
	return l
}
