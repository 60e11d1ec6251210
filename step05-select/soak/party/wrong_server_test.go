package party

import (
	"net"
	"strings"
	"sync"
	"testing"

	"example.com/async/step05-select/hub"
)

type wrongListener struct {
	net.Listener
	wrong
	t   *testing.T
	hub *hub.Hub

	mu    sync.Mutex
	count int
	last  []string // lines that were said lately
}

func (l *wrongListener) heard(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = append(l.last[max(0, len(l.last)-20):], line)
}

// elsewhere returns a line that may have been said in another room.
func (l *wrongListener) elsewhere() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) == 0 {
		return ""
	}
	return l.last[0]
}

// warmedUp is how many terminals have come before things are counted: the one that warms the server up.
const warmedUp = 1

func (l *wrongListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if l.came != nil && l.count == warmedUp+1 {
		l.came(l.t, l.hub)
	}
	return &wrongConn{Conn: conn, of: l, witness: l.count > warmedUp && l.count <= warmedUp+len(rooms)}, nil
}

type wrongConn struct {
	net.Conn
	of      *wrongListener
	witness bool // it is that of a listener who stays for a round
	closed  sync.Once

	mu       sync.Mutex
	lines    int
	late     string
	half     string
	dropping int    // how many more lines
	said     string // a line, with its end
	wanted   string // a name, with a line end
}

func (c *wrongConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if name, ok := strings.CutPrefix(string(p[:n]), "/nick "); ok {
		c.wanted = name
	}
	if line := string(p[:n]); strings.HasPrefix(line, "~") && strings.HasSuffix(line, ".\n") {
		c.said = line
	}
	return n, err
}

func (c *wrongConn) Write(p []byte) (int, error) {
	if c.of.alter == nil {
		return c.Conn.Write(p)
	}
	c.mu.Lock()
	text := c.half + string(p)
	c.half = ""
	var altered strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasSuffix(line, "\n") {
			altered.WriteString(c.of.alter(c, line))
		} else {
			c.half = line
		}
	}
	c.mu.Unlock()
	if _, err := c.Conn.Write([]byte(altered.String())); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *wrongConn) Close() error {
	c.closed.Do(func() {
		if c.of.gone != nil {
			c.of.gone(c.of.t, c.of.hub)
		}
	})
	return c.Conn.Close()
}

// CloseWrite is for who wants to half-close.
func (c *wrongConn) CloseWrite() error { return c.Conn.(*net.TCPConn).CloseWrite() }
