package generator

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A said is a line that the server passes on.
type said struct {
	sender, number int    // -1, if it is a hello
	line           string // "[who] text\n"
}

// A server is a chat room in memory, with faults on demand. Make it within a bubble.
type server struct {
	listener *memnet.Listener
	// lock guards the rest. Whoever waits for a channel waits durably, in the sense of synctest.
	lock  chan struct{}
	conns []net.Conn

	// deliver says what a client, the nth that came, gets of a line; nil is the line itself.
	deliver func(to int, s said) string
	// heard is called for each line that comes, before it is passed on. The lock isn't held.
	heard func(said)
	echo  bool
}

func newServer(t *testing.T, options ...memnet.Option) *server {
	s := &server{listener: memnet.Listen(options...), lock: make(chan struct{}, 1)}
	t.Cleanup(func() { s.listener.Close() })
	go func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			s.lock <- struct{}{}
			s.conns = append(s.conns, conn)
			<-s.lock
			go s.serve(conn)
		}
	}()
	return s
}

func (s *server) dial(ctx context.Context) (net.Conn, error) { return s.listener.Dial(ctx) }

func (s *server) serve(conn net.Conn) {
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		is := said{-1, -1, fmt.Sprintf("[%v] %s\n", conn.RemoteAddr(), lines.Text())}
		var run int
		fmt.Sscanf(lines.Text(), "~%x %d %d", &run, &is.sender, &is.number)
		if s.heard != nil {
			s.heard(is)
		}
		s.pass(conn, is)
	}
	s.lock <- struct{}{}
	defer func() { <-s.lock }()
	s.conns[slices.Index(s.conns, conn)] = nil
	conn.Close()
}

func (s *server) pass(from net.Conn, is said) {
	s.lock <- struct{}{}
	defer func() { <-s.lock }()
	for i, conn := range s.conns {
		if conn == nil || conn == from && !s.echo {
			continue
		}
		line := is.line
		if s.deliver != nil && is.sender >= 0 {
			line = s.deliver(i, is)
		}
		io.WriteString(conn, line) // its own reader notices who has gone
	}
}

// load is a small load for this server.
func (s *server) load() Load {
	return Load{Dial: s.dial, Clients: 5, Senders: 2, Window: 8, Size: 24, Count: 1000}
}

// send sends a load and returns what came of it.
func send(t *testing.T, l Load) *Result {
	run, err := Join(t.Context(), l)
	require.NoError(t, err)
	defer run.Leave()
	run.Start()
	return run.Wait()
}

// every returns a deliver that does something to each nth message of each sender, for the first client that
// came, and counts how often.
func every(n int, count *int64, change func(line string) string) func(to int, s said) string {
	return func(to int, s said) string {
		if to == 0 && s.number%n == n-1 {
			*count++
			return change(s.line)
		}
		return s.line
	}
}

func nothing(string) string     { return "" }
func twice(line string) string  { return line + line }
func spoilt(line string) string { return strings.Replace(line, "x", "y", 1) }

// after waits in the bubble's time.
func after(d time.Duration) { <-time.After(d) }

// forgetful serves a chat room that loses the half lines of all, whenever somebody says a whole one.
func forgetful(listener net.Listener) {
	lock := make(chan struct{}, 1)
	halves := make(map[net.Conn]string)
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		lock <- struct{}{}
		halves[conn] = ""
		<-lock
		go func() {
			defer conn.Close()
			buffer := make([]byte, 1<<10)
			for {
				n, err := conn.Read(buffer)
				if err != nil {
					return
				}
				lock <- struct{}{}
				text, whole := strings.CutSuffix(halves[conn]+string(buffer[:n]), "\n")
				halves[conn] = text
				for other := range halves {
					if whole {
						halves[other] = ""
						if other != conn {
							fmt.Fprintf(other, "[%v] %s\n", conn.RemoteAddr(), text)
						}
					}
				}
				<-lock
			}
		}()
	}
}
