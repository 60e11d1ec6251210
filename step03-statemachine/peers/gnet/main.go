//go:build unix

// Command gnet answers every empty line with "Hello, world!", without looking at what
// stands above it, on the event loop of github.com/panjf2000/gnet. It does far less than
// an HTTP server, on what is probably the best known event loop in Go: step 3's
// server is measured against it. go run ./step03-statemachine/compare starts it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"os"

	"github.com/panjf2000/gnet/v2"

	"example.com/async/internal/program"
)

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/peers/gnet", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	once := flags.Bool("once", false, "close each connection after the first answers")
	program.Parse(flags, "Answers every empty line with 13 bytes, without parsing, on gnet's event loop.")
	if err := gnet.Run(&responder{once: *once}, "tcp://"+*address, gnet.WithNumEventLoop(1)); err != nil {
		program.Fail(flags, err)
	}
}

// The date is as long as a real one, which is all that matters here.
const response = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!"

var emptyLine = []byte("\r\n\r\n")

// responder is what gnet calls, from its one event loop.
type responder struct {
	gnet.BuiltinEventEngine
	once    bool
	answers []byte
}

// OnBoot says where the server listens. gnet keeps the port to itself when it is to take
// a free one, but hands out a copy of the descriptor, which knows.
func (r *responder) OnBoot(engine gnet.Engine) gnet.Action {
	descriptor, err := engine.Dup()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return gnet.Shutdown
	}
	file := os.NewFile(uintptr(descriptor), "listener")
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return gnet.Shutdown
	}
	defer listener.Close()
	fmt.Printf("gnet on http://%s/\n", listener.Addr())
	return gnet.None
}

// OnTraffic answers what has arrived. What follows the last empty line stays in gnet's buffer.
func (r *responder) OnTraffic(conn gnet.Conn) gnet.Action {
	arrived, _ := conn.Peek(-1)
	r.answers = r.answers[:0]
	seen := 0
	for {
		end := bytes.Index(arrived[seen:], emptyLine)
		if end < 0 {
			break
		}
		seen += end + len(emptyLine)
		r.answers = append(r.answers, response...)
	}
	if seen == 0 {
		return gnet.None
	}
	if _, err := conn.Discard(seen); err != nil {
		return gnet.Close
	}
	if _, err := conn.Write(r.answers); err != nil || r.once {
		return gnet.Close
	}
	return gnet.None
}
