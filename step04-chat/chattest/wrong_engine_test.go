package chattest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/chat/lines"
)

// A fault is what the short engine does wrong.
type fault struct {
	toSelf          bool // sends a message to its sender, too
	noPrefix        bool
	unordered       bool // hands a message out to each client on a goroutine of its own
	history         bool // a new client gets the last message
	writePerMessage bool
	aReadIsALine    bool
	keepsCR         bool
	givesUpRead     bool // forgets half a line when a message comes
	decodesReads    bool // replaces what is no UTF-8 in each Read by itself
	rawBytes        bool
	rawEscapes      bool // passes C0 controls on
	rawC1           bool
	rawBidi         bool
	showsTelnet     bool // takes telnet's commands for text
	ignoresTelnet   bool // takes them out, and does not answer
	noLimit         bool // keeps a line until it ends, however long it is
	cutsLongLines   bool // as bufio.Scanner does: the client is out
	silentLimit     bool
	dropsHalfLine   bool
	saysCutRune     bool
	blockingSend    bool // waits while a client's queue is full
	lockedWrite     bool // writes to the clients with the lock held
	unbounded       bool
	silentLag       bool
	lagOnServer     bool // logs it
	lagOffByOne     bool
	lagToNewest     bool // drops all when the queue is full, and says only that
	lagAtTheEnd     bool // tells when everything else is written
	countsOwn       bool
	noDeadline      bool
	hearsTheCut     bool // lets a talker wait while its queue is full, and says the rest when it has been cut off
	cutsSlow        bool // a full queue ends the client
	dropsAtEnd      bool // a client that half-closes loses what was pending
	endless         bool // writes on after the end, as long as there is something
	deafToStop      bool
	leavesWriter    bool // the writer is not told that the reader has ended
	doubleClose     bool // both goroutines close what both wait for
	closesQueue     bool // closes a queue that others send to
	staysAfterFIN   bool
	neverFlushes    bool // writes only when four messages are pending
	oneFailsAll     bool // takes one client's error for the server's
	cutIsError      bool // a client that was cut at the stop is an error
}

// faulty is the short engine with a fault.
func faulty(f fault) Subject {
	return wrong(func(s *Settings) ServeFunc { return (&room{fault: f, settings: s}).serve })
}

// A room is the short engine: a mutex, and a queue for each client.
type room struct {
	fault
	settings *Settings

	mu      waitingMutex
	clients map[*guest]bool
	last    string
	broken  bool
}

// A waitingMutex is a mutex of which a bubble knows that who waits for it waits: else a fault
// that blocks with the lock held is found only when real time has passed.
type waitingMutex chan struct{}

func (m waitingMutex) Lock()   { m <- struct{}{} }
func (m waitingMutex) Unlock() { <-m }

type guest struct {
	room *room
	conn net.Conn

	mu      sync.Mutex
	changed *sync.Cond
	queue   []string
	missed  int
	notices []string
	over    bool // the reader has ended
	failed  bool // the writer has
}

func (r *room) serve(ctx context.Context, listener net.Listener) error {
	r.clients = make(map[*guest]bool)
	r.mu = make(waitingMutex, 1)
	server := &tcp.Server{Handler: tcp.HandlerFunc(r.handle), DrainTimeout: r.settings.DrainTimeout, Logger: r.settings.Logger}
	err := server.Serve(ctx, listener)
	if r.cutIsError || err != nil && strings.Contains(err.Error(), "still run") {
		return err
	}
	return nil
}

func (r *room) handle(ctx context.Context, conn net.Conn) error {
	if !r.deafToStop {
		defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	}
	g := &guest{room: r, conn: conn}
	g.changed = sync.NewCond(&g.mu)
	r.mu.Lock()
	r.clients[g] = true
	if r.history && r.last != "" {
		g.queue = append(g.queue, r.last)
	}
	r.mu.Unlock()

	writer := make(chan struct{})
	go func() {
		defer close(writer)
		if err := g.write(); err != nil {
			g.mu.Lock()
			g.failed = true
			g.changed.Broadcast()
			g.mu.Unlock()
			conn.Close()
		}
	}()
	g.read()

	leave := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.clients, g)
	}
	if !r.endless {
		leave()
	}
	defer leave()
	g.mu.Lock()
	g.over = !r.leavesWriter
	if r.dropsAtEnd {
		g.queue = nil
	}
	g.changed.Broadcast()
	g.mu.Unlock()
	if r.staysAfterFIN {
		<-ctx.Done()
	}
	if !r.leavesWriter {
		<-writer
	}
	if r.doubleClose {
		close(writer)
	}
	return nil
}

func (g *guest) read() {
	f := g.room.fault
	most := cmp.Or(g.room.settings.MaxLine, 4096)
	var telnet lines.Telnet
	buffer, line, skipping := make([]byte, 4096), []byte(nil), false
	for {
		n, err := g.conn.Read(buffer)
		read := buffer[:n]
		if !f.showsTelnet {
			text, asked := telnet.Strip(read)
			if read = text; asked && !f.ignoresTelnet {
				g.notice(lines.NoTimingMark)
			}
		}
		if f.decodesReads {
			read = bytes.ToValidUTF8(read, []byte("\uFFFD"))
		}
		if f.aReadIsALine && n > 0 {
			g.say(bytes.TrimSpace(read))
			read = nil
		}
		g.mu.Lock()
		if f.givesUpRead && len(g.notices) == 0 && g.missed < 0 {
			line, g.missed = nil, 0
		}
		g.mu.Unlock()
		for _, b := range read {
			if b != '\n' {
				if !skipping {
					line = append(line, b)
				}
				if size := len(bytes.TrimSuffix(line, []byte("\r"))); size > most && !f.noLimit {
					if f.cutsLongLines {
						return
					}
					line, skipping = nil, true
					if !f.silentLimit {
						g.notice("* too long\n")
					}
				}
				continue
			}
			if f.noLimit && len(line) > most {
				g.notice("* too long\n")
			} else if !skipping {
				if !f.keepsCR {
					line = bytes.TrimSuffix(line, []byte("\r"))
				}
				g.say(line)
			}
			line, skipping = nil, false
		}
		if err != nil {
			if err != io.EOF && f.oneFailsAll {
				g.room.mu.Lock()
				g.room.broken = true
				g.room.mu.Unlock()
			}
			if err == io.EOF && len(line) > 0 && !f.dropsHalfLine && (f.saysCutRune || utf8.Valid(line)) {
				g.say(line)
			}
			return
		}
	}
}

func (g *guest) notice(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.notices = append(g.notices, text)
	g.changed.Broadcast()
}

func (r *room) safe(line []byte) string {
	text := string(line)
	if !r.rawBytes {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.Map(func(c rune) rune {
		switch {
		case r.rawBytes,
			r.keepsCR && c == '\r',
			r.rawEscapes && c < ' ' || r.rawC1 && 0x80 <= c && c < 0xa0,
			r.rawBidi && unicode.In(c, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			return c
		case unicode.IsControl(c), unicode.In(c, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			return utf8.RuneError
		}
		return c
	}, text)
}

func (g *guest) say(line []byte) {
	r := g.room
	text := fmt.Sprintf("[%v] %s\n", g.conn.RemoteAddr(), r.safe(line))
	if r.rawBytes {
		text = fmt.Sprintf("[%v] %s\n", g.conn.RemoteAddr(), line)
	}
	if r.noPrefix {
		text = string(line) + "\n"
	}
	if r.hearsTheCut {
		g.mu.Lock()
		for len(g.queue) > 8 && !g.failed {
			g.changed.Wait()
		}
		g.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = text
	if r.broken {
		return
	}
	if r.blockingSend {
		// The room itself is not locked meanwhile; but who speaks waits.
		clients := maps.Clone(r.clients)
		r.mu.Unlock()
		defer r.mu.Lock()
		for to := range clients {
			if to != g {
				to.add(text)
			}
		}
		return
	}
	for to := range r.clients {
		switch {
		case to == g && !r.toSelf:
			if r.countsOwn {
				to.countOwn()
			}
		case r.lockedWrite:
			io.WriteString(to.conn, text)
		case r.unordered:
			go to.add(text)
		default:
			to.add(text)
		}
	}
}
