package soak

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// listening is what a client that reads has heard of the speaker: each line once, in order, unless the server says that
// messages were missed.
type listening struct {
	run      *run
	who      string
	mark     string        // begins the lines of the speaker: the line's number follows
	patience time.Duration // the speaker must be heard that often; 0: the caller has set a deadline

	number        atomic.Uint64 // of the speaker's last line
	heard, missed uint64        // lines of the speaker; for the caller when read has returned
	told          uint64        // how many messages the server says were missed since that line
}

// read reads to the end of the connection (nil), or until that fails.
func (l *listening) read(conn net.Conn) error {
	l.extend(conn)
	for lines := bufio.NewReader(conn); ; {
		line, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
		if l.hear(line) {
			l.extend(conn)
		}
	}
}

func (l *listening) extend(conn net.Conn) {
	if l.patience > 0 {
		conn.SetReadDeadline(time.Now().Add(l.patience))
	}
}

// hear takes a line, and reports whether it is the speaker's.
func (l *listening) hear(line []byte) bool {
	if count, ok := number(line, "* you missed "); ok {
		l.told += count
		return false
	}
	_, text, _ := bytes.Cut(line, []byte("] "))
	n, ok := number(text, l.mark)
	if !ok {
		return false
	}
	last := l.number.Load()
	switch gap := n - last - 1; {
	case n <= last:
		l.run.fault("%s heard line %d of the speaker after line %d", l.who, n, last)
	case last > 0 && gap > l.told:
		l.run.fault("%s heard line %d of the speaker after line %d, and was told of %d missed messages", l.who, n, last, l.told)
	case last > 0:
		l.missed += gap
	}
	l.heard++
	l.told = 0
	l.number.Store(n)
	return true
}

// number returns the number behind the prefix.
func number(line []byte, prefix string) (n uint64, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte(prefix))
	if !ok {
		return 0, false
	}
	end := bytes.IndexAny(rest, " \r\n")
	if end < 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(rest[:end]), 10, 64)
	return n, err == nil
}
