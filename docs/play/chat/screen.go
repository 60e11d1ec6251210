package chat

import "sync"

// What a screen keeps until the page asks: more than anybody can see pass by in a twentieth of a second, and more than
// it shows at once.
const (
	screenLines = 50
	screenWidth = 100 // runes
)

// A screen is what a terminal has to show and the page has not been told.
type screen struct {
	mu      sync.Mutex
	lines   []string
	skipped int // lines that were dropped before these
}

// add adds a line, and drops the oldest one when there are too many: who doesn't ask doesn't make it grow.
func (s *screen) add(line string) {
	if runes := []rune(line); len(runes) > screenWidth {
		line = string(runes[:screenWidth]) + "…"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lines) == screenLines {
		s.lines = append(s.lines[:0], s.lines[1:]...)
		s.skipped++
	}
	s.lines = append(s.lines, line)
}

// take returns the lines, and how many were dropped before them.
func (s *screen) take() (lines []string, skipped int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines, skipped = s.lines, s.skipped
	s.lines, s.skipped = nil, 0
	return lines, skipped
}
