package selecttest

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step05-select/session"
)

// The short engine: a chat with a mutex, and two goroutines for each client, of which one reads and one writes. What
// lines mean it leaves to package session. It can do nearly everything wrong, see wrong_faults_test.go.

// faulty is the short engine with a fault.
func faulty(f fault) Subject {
	return Subject{Subject: servertest.Subject[Settings]{Network: lesson.Memory, New: func(s *Settings) Server {
		return ServeFunc((&chat{
			fault: f, settings: s, mu: make(waitingMutex, 1),
			names: make(map[string]*person), rooms: make(map[string]*place),
		}).serve)
	}}}
}

// A waitingMutex is a mutex of which a bubble knows that who waits for it waits: else a fault
// that blocks with the lock held is found only when real time has passed.
type waitingMutex chan struct{}

func (m waitingMutex) Lock()   { m <- struct{}{} }
func (m waitingMutex) Unlock() { <-m }

func (c *chat) serve(ctx context.Context, listener net.Listener) error {
	server := &tcp.Server{Handler: tcp.HandlerFunc(c.handle), DrainTimeout: c.settings.DrainTimeout, Logger: c.settings.Logger}
	err := server.Serve(ctx, listener)
	if c.cutIsError || err != nil && strings.Contains(err.Error(), "still run") {
		return err
	}
	return nil
}

func (c *chat) handle(ctx context.Context, conn net.Conn) error {
	p := c.enter(conn)
	if !c.deafToStop {
		defer context.AfterFunc(ctx, func() {
			p.end("the server stops; goodbye", c.silentStop, c.dropsAtStop)
			conn.SetReadDeadline(time.Unix(1, 0))
		})()
	}
	writer := make(chan struct{})
	go func() {
		defer close(writer)
		if err := p.write(); err != nil {
			p.mu.Lock()
			p.failed = true
			p.changed.Broadcast()
			p.mu.Unlock()
			conn.Close()
		}
	}()
	err := p.read(ctx)
	if err != nil && c.oneFailsAll {
		c.mu.Lock()
		c.broken = true
		c.mu.Unlock()
	}
	if c.staysAfterFIN {
		<-ctx.Done()
	}
	p.mu.Lock()
	if c.dropsAtEnd {
		p.own, p.queue = nil, nil
	}
	p.over = !c.leavesWriter
	p.changed.Broadcast()
	p.mu.Unlock()
	if !c.leavesWriter {
		<-writer
	}
	if c.doubleClose {
		close(writer)
	}
	c.leave(p, err)
	if err == nil && !c.closesUnread && tcp.CloseWrite(conn) == nil {
		conn.SetReadDeadline(time.Now().Add(time.Second))
		io.CopyN(io.Discard, conn, 256<<10)
	}
	return nil
}

// read hears the client until it has nothing more to say. The error is nil if it has ended in good order.
func (p *person) read(ctx context.Context) error {
	f := p.chat.fault
	var source io.Reader = p.conn
	if f.readsAhead {
		source = newHoard(p.conn, f.hoardEnds)
	}
	most := cmp.Or(p.chat.settings.MaxLine, 4096)
	buffer, line, skipping := make([]byte, 4096), []byte(nil), false
	for {
		n, err := source.Read(buffer)
		read := buffer[:n]
		if f.decodesReads {
			read = bytes.ToValidUTF8(read, []byte("\uFFFD"))
		}
		if f.aReadIsALine && n > 0 {
			p.line(ctx, bytes.TrimSpace(read))
			read = nil
		}
		p.mu.Lock()
		if f.givesUpRead && p.interrupted {
			line = nil
		}
		p.interrupted = false
		p.mu.Unlock()
		for _, b := range read {
			if b != '\n' {
				if !skipping {
					line = append(line, b)
				}
				if size := len(bytes.TrimSuffix(line, []byte("\r"))); size > most && !f.noLimit {
					if f.cutsLongLines {
						return nil
					}
					line, skipping = nil, true
					if !f.silentLimit {
						p.note("your line was too long and nobody has got it")
					}
				}
				continue
			}
			if f.noLimit && len(line) > most {
				p.note("too long")
			} else if !skipping {
				p.line(ctx, bytes.TrimSuffix(line, []byte("\r")))
			}
			line, skipping = nil, false
			if p.isOver() && !f.hearsAfterQuit {
				return nil
			}
		}
		switch {
		case err == io.EOF:
			if len(line) > 0 && !f.dropsHalfLine && (f.saysCutRune || utf8.Valid(line)) {
				p.line(ctx, line)
			}
			return nil
		case err != nil && ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
	}
}

// line waits until the client may say something, and does what the line says.
func (p *person) line(ctx context.Context, line []byte) {
	if !p.mayTalk(ctx) {
		return
	}
	text := p.chat.safe(line)
	p.mu.Lock()
	// Answers that are not read are not made.
	for (len(p.own) > 16 || p.messagesFirst && (p.writing || len(p.queue) > 0)) && !p.over && !p.failed {
		p.changed.Wait()
	}
	if p.isFaulty(text) {
		p.mu.Unlock()
		return
	}
	action, reply := p.session.Line([]byte(text))
	p.mu.Unlock()
	switch {
	case reply != nil && p.saysUnknown && strings.HasPrefix(reply.Text, "there is no /"):
		action = session.Action{Verb: session.Say, Text: text}
	case reply != nil && p.shortHelp && strings.Count(reply.Text, "\n") > 5:
		reply.Text = reply.Text[:strings.LastIndex(reply.Text, "/ignore")]
		fallthrough
	case reply != nil:
		p.tell(*reply)
		return
	}
	if p.keepsSlashes && strings.HasPrefix(text, "//") {
		action.Text = text
	}
	if action.Verb == session.Quit {
		p.end("goodbye", p.silentQuit, false)
		return
	}
	p.chat.do(p, action)
}

// mayTalk waits for a token. It reports false if the line is refused.
func (p *person) mayTalk(ctx context.Context) bool {
	f, settings := p.chat.fault, p.chat.settings
	if settings.Rate == 0 || f.noRate {
		return true
	}
	if p.bucket == nil {
		p.bucket = rate.NewLimiter(rate.Limit(settings.Rate), settings.Burst)
	}
	token := p.bucket.Reserve()
	wait := token.Delay()
	switch {
	case wait == 0:
		p.since = time.Time{}
		return true
	case f.refusesAtOnce:
		token.Cancel()
		p.note("you talk too much: nobody has got your line")
		return false
	case p.since.IsZero():
		p.since = time.Now()
	}
	refused := time.Since(p.since) > 10*time.Second && !f.neverRefuses
	if f.waitsWithLock {
		p.chat.mu.Lock()
		defer p.chat.mu.Unlock()
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
	if refused && !f.refusesSilently {
		p.note("you talk too much: nobody has got your line")
	}
	return !refused
}

func (c *chat) safe(line []byte) string {
	text := string(line)
	if c.rawBytes {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case c.rawEscapes && r < ' ', c.rawC1 && 0x80 <= r && r < 0xa0,
			c.rawBidi && unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			return r
		case isControl(r):
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// A hoard reads all that comes, and keeps it until it is wanted.
type hoard struct {
	mu      sync.Mutex
	changed *sync.Cond
	kept    bytes.Buffer
	err     error
}

func newHoard(conn net.Conn, endsAtOnce bool) *hoard {
	h := new(hoard)
	h.changed = sync.NewCond(&h.mu)
	go func() {
		for buffer := make([]byte, 4096); ; {
			n, err := conn.Read(buffer)
			h.mu.Lock()
			h.kept.Write(buffer[:n])
			h.err = err
			if err != nil && endsAtOnce {
				h.kept.Reset()
			}
			h.changed.Broadcast()
			h.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return h
}

func (h *hoard) Read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.kept.Len() == 0 && h.err == nil {
		h.changed.Wait()
	}
	if h.kept.Len() == 0 {
		return 0, h.err
	}
	return h.kept.Read(p)
}

func (p *person) note(text string) { p.tell(session.Event{Kind: session.Notice, Text: text}) }
