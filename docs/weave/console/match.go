package console

import (
	"fmt"
	"regexp"
)

// expectation is a run of output lines, and the orders in which they may come.
type expectation struct {
	lines []wanted
	order order
}

// wanted is one expected line, or with skip any number of lines.
type wanted struct {
	pattern
	skip bool
	lane string
	line int // in the chapter
}

func newExpectation(s step, b block, afterSkip bool) expectation {
	e := expectation{order: b.order}
	if afterSkip {
		e.lines = append(e.lines, wanted{skip: true, line: s.line})
	}
	for i, text := range s.lines {
		w := wanted{line: s.line + i}
		if text == skipLine {
			w.skip = true
		} else {
			w.pattern = compile(text, b.vary)
			w.lane = laneOf(w.text, b.lane)
		}
		e.lines = append(e.lines, w)
	}
	return e
}

func laneOf(text string, lane *regexp.Regexp) string {
	if lane == nil {
		return ""
	}
	return lane.FindString(text)
}

// endsInSkip says whether what follows the expected lines is nobody's business.
func (e expectation) endsInSkip() bool {
	return len(e.lines) > 0 && e.lines[len(e.lines)-1].skip
}

// verdict is what can be said after comparing the output so far.
type verdict uint8

const (
	matches  verdict = iota
	differs          // and no further output can change that
	needMore         // output
)

// result is a verdict and its circumstances.
type result struct {
	verdict  verdict
	consumed int      // how many real lines the expectation took, if it matches
	ports    bindings // with those that these lines brought, if it matches
	reason   string   // what came instead of what, otherwise
	line     int      // in the chapter, of what did not come
}

// searchBudget bounds the comparisons of one match: `...` and free order make
// it a search, which an unlucky chapter could make endless.
const searchBudget = 200_000

// match compares the real lines, normalized, from the first one on.
func (e expectation) match(got []string, known bindings) result {
	s := &search{expectation: e, got: got, budget: searchBudget, used: make([]bool, len(e.lines))}
	for _, w := range e.lines {
		if w.skip {
			s.skipping = true
		} else {
			s.left++
		}
	}
	found := false
	if e.order == inOrder {
		found = s.ordered(0, 0, known)
	} else {
		found = s.free(0, known)
	}
	switch {
	case found:
		return result{verdict: matches, consumed: s.consumed, ports: s.ports}
	case s.budget <= 0:
		return result{verdict: differs, line: s.worstLine, reason: "too many ways to match these lines: use fewer ... or an order"}
	case s.hitEnd:
		return result{verdict: needMore, line: s.worstLine, reason: s.reason(known)}
	default:
		return result{verdict: differs, line: s.worstLine, reason: s.reason(known)}
	}
}

// search looks for one way in which the real lines are the expected ones.
type search struct {
	expectation
	got      []string
	budget   int
	used     []bool // expected lines that a real one stands for, in free order
	left     int    // how many are not used
	skipping bool   // in free order: other lines may stand between

	consumed int
	ports    bindings
	hitEnd   bool // some way came to the end of the output and wants more

	// Where the way that got furthest stopped.
	furthest  int
	worstWant string
	worstGot  string // "" if the output ended there
	worstLine int
}

// ordered tries to match the expected lines from i on with the real ones from j on.
func (s *search) ordered(i, j int, known bindings) bool {
	if s.budget--; s.budget < 0 {
		return false
	}
	if i == len(s.lines) || i == len(s.lines)-1 && s.lines[i].skip {
		s.consumed, s.ports = j, known
		return true
	}
	if s.lines[i].skip {
		// The fewest lines first: what is shown next is the next such line.
		for ; j <= len(s.got); j++ {
			if s.ordered(i+1, j, known) {
				return true
			}
		}
		return false
	}
	if j == len(s.got) {
		s.stopped(i, i, "")
		s.hitEnd = true
		return false
	}
	after, ok := s.lines[i].match(s.got[j], known)
	if !ok {
		s.stopped(i, i, visible(s.got[j]))
		return false
	}
	return s.ordered(i+1, j+1, after)
}

// free tries to find an unused expected line for each real one from j on.
func (s *search) free(j int, known bindings) bool {
	if s.budget--; s.budget < 0 {
		return false
	}
	if s.left == 0 {
		s.consumed, s.ports = j, known
		return true
	}
	if j == len(s.got) {
		s.stopped(j, s.firstUnused(), "")
		s.hitEnd = true
		return false
	}
	for i, w := range s.lines {
		if w.skip || s.used[i] || !s.turnOf(i) {
			continue
		}
		after, ok := w.match(s.got[j], known)
		if !ok {
			continue
		}
		s.used[i] = true
		s.left--
		if s.free(j+1, after) {
			return true
		}
		s.used[i] = false
		s.left++
	}
	s.stopped(j, s.firstUnused(), visible(s.got[j]))
	return s.skipping && s.free(j+1, known)
}

// turnOf says whether all lines before i in its lane have come.
func (s *search) turnOf(i int) bool {
	if s.order == anyOrder {
		return true
	}
	for before := range i {
		w := s.lines[before]
		if !w.skip && !s.used[before] && w.lane == s.lines[i].lane {
			return false
		}
	}
	return true
}

func (s *search) firstUnused() int {
	for i, w := range s.lines {
		if !w.skip && !s.used[i] {
			return i
		}
	}
	return 0
}

// stopped notes why a way ended, if no way has come further.
func (s *search) stopped(progress, want int, got string) {
	if progress < s.furthest {
		return
	}
	s.furthest = progress
	s.worstWant, s.worstLine, s.worstGot = s.lines[want].text, s.lines[want].line, got
}

func (s *search) reason(known bindings) string {
	if s.worstGot == "" {
		return fmt.Sprintf("expected: %s\n  got:      nothing more", s.worstWant)
	}
	return fmt.Sprintf("expected: %s\n  got:      %s", s.worstWant, known.asShown(s.worstGot))
}

func visible(line string) string {
	if line == "" {
		return "(an empty line)"
	}
	return line
}
