package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// In a flood one terminal says floodLines lines, one every floodEvery: slow enough that whoever reads keeps up.
const (
	floodLines = 300
	floodEvery = 20 * time.Millisecond
	floodWidth = 400 // bytes: long lines fill the kernel's buffers sooner
)

// A flood is what is left of the flood in a room. There is one at a time.
type flood struct {
	mu   sync.Mutex
	who  *terminal
	left int // lines
}

// begin begins a flood, unless there is one.
func (f *flood) begin(t *terminal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		f.who, f.left = t, floodLines
		t.screen.add(fmt.Sprintf("(it says %d lines, and reads what the others say)", floodLines))
	}
}

func (f *flood) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = 0
}

// remaining returns how many lines are still to be said.
func (f *flood) remaining() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left
}

// next takes a line out of the flood. who is nil if there is none.
func (f *flood) next() (who *terminal, line string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		return nil, ""
	}
	f.left--
	line = fmt.Sprintf("flood, line %d ", floodLines-f.left)
	return f.who, line + strings.Repeat("~", floodWidth-len(line))
}

// run says what is to be said until ctx ends.
func (f *flood) run(ctx context.Context) {
	ticker := time.NewTicker(floodEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		who, line := f.next()
		if who == nil {
			continue
		}
		select {
		case who.typed <- line: // waits while the server does not take it
		case <-ctx.Done():
			return
		}
	}
}
