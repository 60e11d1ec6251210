// Command cancelsafe shows what becomes of a line that is half typed when a message comes. In Rust, select! drops
// the read that did not win, and the half line with it. In Go a select cannot stop a read that runs; look at ways.go for
// what people do instead, and lose lines by, and at the last way for what is right.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	"example.com/async/internal/program"
)

func main() {
	program.Parse(flag.NewFlagSet("go run ./step05-select/examples/cancelsafe", flag.ContinueOnError),
		"Types half a line, lets a message come, and types the rest, for servers that read in four ways.\n"+
			"Read beside it: ways.go in its folder.")
	show(os.Stdout)
}

// A socket is the server's end of a connection in memory. It lets one Read at a time pass, as package net does for
// a real one.
type socket struct {
	net.Conn
	turn  sync.Mutex
	reads chan struct{} // has a value for each Read that has begun
}

func (s *socket) Read(p []byte) (int, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	select {
	case s.reads <- struct{}{}:
	default: // nobody wants to know any more
	}
	return s.Conn.Read(p)
}

func show(w io.Writer) {
	const half, rest = "please do not ", "forget me\n"
	fmt.Fprintf(w, "A user types %q, a message comes, the user types %q.\n", half, rest)
	for i, way := range ways {
		fmt.Fprintf(w, "%d. %s:\n", i+1, way.name)
		user, conn := net.Pipe()
		server := &socket{Conn: conn, reads: make(chan struct{}, 2)}
		messages, lines := make(chan string), make(chan string)
		go func() {
			defer close(lines)
			way.serve(server, messages, lines)
		}()
		go func() {
			<-server.reads
			io.WriteString(user, half) // returns when it was read
			<-server.reads             // the server wants more
			messages <- "hello"        // returns when a select has taken it
			io.WriteString(user, rest)
			user.Close()
		}()
		n := 0
		for line := range lines {
			fmt.Fprintf(w, "   the server has the line %q\n", line)
			n++
		}
		if n == 0 {
			fmt.Fprintln(w, "   the server has no line")
		}
		conn.Close()
	}
}
