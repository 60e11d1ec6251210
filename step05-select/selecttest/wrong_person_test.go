package selecttest

import (
	"cmp"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"example.com/async/step05-select/session"
)

// A person is a client of the short engine: what is pending for it, and the goroutine that writes that.
type person struct {
	*chat
	conn   net.Conn
	name   string // the chat's lock guards these three
	key    string
	room   *place
	bucket *rate.Limiter // the reader's own
	since  time.Time

	mu          sync.Mutex
	changed     *sync.Cond
	session     session.Session
	last        string          // written down already
	own         []session.Event // for it alone
	whispers    int
	queue       []session.Event // of the room
	missed      int
	over        bool // nothing more is heard from it, nor added
	failed      bool // it can't be written to
	writing     bool
	interrupted bool
	muted       bool
}

// tell adds what is for this client alone.
func (p *person) tell(e session.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session.Shows(&e) && !p.over {
		p.own = append(p.own, e)
		p.changed.Broadcast()
	}
}

// whisper adds what somebody else whispers. It reports false if there is no room for it.
func (p *person) whisper(e session.Event) bool {
	const most = 64
	p.mu.Lock()
	defer p.mu.Unlock()
	p.interrupted = true
	switch {
	case !p.session.Shows(&e) && !p.ignoreNoWhisper, p.over:
		return true
	case p.whispers >= most && !p.unboundedInbox:
		return p.silentWhisper
	}
	p.whispers++
	p.own = append(p.own, e)
	p.changed.Broadcast()
	return true
}

// countOwn counts the client's own message if its queue is full, as a ring does that all share.
func (p *person) countOwn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == cmp.Or(p.settings.Capacity, 128) {
		p.missed++
	}
}

// hear adds what was said in the room.
func (p *person) hear(e session.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closesQueue && p.over {
		panic("send on closed channel")
	}
	if !p.session.Shows(&e) || p.muteHidesAll && p.muted || p.over && !p.endless {
		return
	}
	capacity := cmp.Or(p.settings.Capacity, 128)
	for p.blockingSend && len(p.queue) >= capacity && !p.failed {
		p.changed.Wait()
	}
	if len(p.queue) >= capacity && !p.unbounded {
		switch {
		case p.cutsSlow:
			p.conn.Close()
		case p.lagToNewest:
			p.missed, p.queue = len(p.queue), nil
		default:
			p.missed++
			p.queue = p.queue[1:]
		}
	}
	p.interrupted = true
	p.queue = append(p.queue, e)
	p.changed.Broadcast()
}

// text is what is pending of the room.
func (p *person) text() string {
	f := p.fault
	var text []byte
	told := func() {
		missed := p.missed
		if f.lagOffByOne {
			missed++
		}
		switch {
		case p.missed == 0 || f.silentLag:
		case f.lagOnServer:
			p.settings.Logger.Warn("lagged", "by", missed)
		default:
			text = (&session.Event{Kind: session.Missed, Count: missed}).AppendText(text)
		}
		p.missed = 0
	}
	if !f.lagAtTheEnd {
		told()
	}
	taken := len(p.queue)
	if f.writePerMessage {
		taken = min(taken, 1)
	}
	for _, e := range p.queue[:taken] {
		text = e.AppendText(text)
	}
	p.queue = append([]session.Event(nil), p.queue[taken:]...)
	if len(p.queue) == 0 {
		told()
	}
	return string(text)
}

// ownText is what is pending for the client alone.
func (p *person) ownText() string {
	var text []byte
	for _, e := range p.own {
		text = e.AppendText(text)
	}
	p.own, p.whispers = nil, 0
	return string(text)
}

// settle writes down what is pending. Its lock is held.
func (p *person) settle() { p.last += p.ownText() + p.text() }

// end ends with a last word.
func (p *person) end(farewell string, silent, drops bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	for p.settle(); len(p.queue) > 0; p.settle() {
	}
	if drops {
		p.last = ""
	}
	if !silent {
		p.last += "* " + farewell + "\n"
	}
	p.over = true
	p.changed.Broadcast()
}

func (p *person) isOver() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over
}

// take waits for something to write.
func (p *person) take() (batch string, over bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	few := func() bool {
		return len(p.own) == 0 && p.last == "" && (len(p.queue) == 0 || p.neverFlushes && len(p.queue) < 4)
	}
	for few() && !p.over {
		p.writing = false
		p.changed.Broadcast()
		p.changed.Wait()
	}
	p.writing = true
	batch = p.last
	p.last = ""
	if p.ownFirst && len(p.own) > 0 {
		batch += p.ownText()
	} else {
		batch += p.ownText() + p.text()
	}
	p.changed.Broadcast()
	return batch, p.over && len(p.queue) == 0 && !(p.endless && batch != "")
}

func (p *person) write() error {
	for {
		batch, over := p.take()
		if batch != "" {
			if !p.noDeadline {
				p.conn.SetWriteDeadline(time.Now().Add(cmp.Or(p.settings.WriteTimeout, 30*time.Second)))
			}
			if _, err := io.WriteString(p.conn, batch); err != nil {
				return err
			}
		}
		if over {
			return nil
		}
	}
}

// isFaulty reports whether a fault has taken the line for itself. The lock is held.
func (p *person) isFaulty(text string) bool {
	switch name, ignores := strings.CutPrefix(text, "/ignore "); {
	case text == "/mute":
		p.muted = !p.muted
	case p.ignoreExact && ignores && name != strings.ToLower(name):
		p.own = append(p.own, session.Event{Kind: session.Notice, Text: "ignored"})
		p.changed.Broadcast()
		return true
	}
	name, nick := strings.CutPrefix(text, "/nick")
	if p.anyName && nick && len(name) < 1000 {
		name = strings.TrimSpace(name)
		p.mu.Unlock()
		p.chat.rename(p, name, name)
		p.mu.Lock()
		return true
	}
	return false
}
