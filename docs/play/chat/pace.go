package chat

import (
	"context"
	"sync"
	"time"
)

// asFastAsItCan is the pace that is no limit.
const asFastAsItCan = 1000

// A pace is how many lines a second a client reads: 0 stops it. It can change while the client waits.
type pace struct {
	mu      sync.Mutex
	lines   int
	changed chan struct{} // is closed by the next change
}

func newPace(lines int) *pace {
	return &pace{lines: lines, changed: make(chan struct{})}
}

func (p *pace) set(lines int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = min(max(lines, 0), asFastAsItCan)
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *pace) get() (lines int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines, p.changed
}

// wait waits until the next line may be read. It reports false when ctx has ended.
func (p *pace) wait(ctx context.Context) bool {
	began := time.Now()
	for {
		lines, changed := p.get()
		if lines == asFastAsItCan {
			return ctx.Err() == nil
		}
		var due <-chan time.Time // never
		if lines > 0 {
			due = time.After(time.Until(began.Add(time.Second / time.Duration(lines))))
		}
		select {
		case <-due:
			return ctx.Err() == nil
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}
