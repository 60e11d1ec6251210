package chattest

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
)

// The queue of each client of the short engine, and the goroutine that writes.

// countOwn counts the guest's own message if its queue is full, as a ring does that all share.
func (g *guest) countOwn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == cmp.Or(g.room.settings.Capacity, 128) {
		g.missed++
	}
}

func (g *guest) add(text string) {
	r := g.room
	g.mu.Lock()
	defer g.mu.Unlock()
	capacity := cmp.Or(r.settings.Capacity, 128)
	if r.blockingSend {
		for len(g.queue) >= capacity && !g.failed {
			g.changed.Wait()
		}
	}
	if len(g.queue) >= capacity && !r.unbounded {
		switch {
		case r.cutsSlow:
			g.conn.Close()
		case r.lagToNewest:
			g.missed, g.queue = len(g.queue), nil
		default:
			g.missed++
			g.queue = g.queue[1:]
		}
	}
	if r.givesUpRead {
		g.missed = -1 // this is how the reader learns that it lost
	}
	if r.closesQueue && g.over {
		panic("send on closed channel")
	}
	g.queue = append(g.queue, text)
	g.changed.Broadcast()
}

// take waits for something to write.
func (g *guest) take() (batch string, over bool) {
	f := g.room.fault
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.queue) == 0 && len(g.notices) == 0 && g.missed <= 0 && !g.over || f.neverFlushes && len(g.queue) < 4 && !g.over {
		g.changed.Wait()
	}
	batch = strings.Join(g.notices, "")
	g.notices = nil
	if g.missed > 0 && (!f.lagAtTheEnd || len(g.queue) == 0) {
		told := g.missed
		if f.lagOffByOne {
			told++
		}
		switch {
		case f.silentLag:
		case f.lagOnServer:
			g.room.settings.Logger.Warn("lagged", "by", told)
		default:
			batch += fmt.Sprintf("* you missed %d messages\n", told)
		}
		g.missed = 0
	}
	taken := len(g.queue)
	if f.writePerMessage {
		taken = min(taken, 1)
	}
	batch += strings.Join(g.queue[:taken], "")
	g.queue = append([]string(nil), g.queue[taken:]...)
	g.changed.Broadcast()
	return batch, g.over && len(g.queue) == 0 && !(f.endless && batch != "")
}

func (g *guest) write() error {
	for {
		batch, over := g.take()
		if batch != "" {
			if !g.room.noDeadline {
				g.conn.SetWriteDeadline(time.Now().Add(cmp.Or(g.room.settings.WriteTimeout, 30*time.Second)))
			}
			if _, err := io.WriteString(g.conn, batch); err != nil {
				return err
			}
		}
		if over {
			return nil
		}
	}
}
