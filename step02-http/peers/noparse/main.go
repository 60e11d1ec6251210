// Command noparse answers every empty line with "Hello, world!", without looking
// at what stands above it. It is no HTTP server, but the ceiling for one: what a
// goroutine per connection costs when HTTP itself costs nothing. No server of that
// kind can be cheaper. go run ./step02-http/load -compare starts it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"net"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

func main() {
	flags := flag.NewFlagSet("go run ./step02-http/peers/noparse", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	once := flags.Bool("once", false, "close each connection after the first answers")
	program.Parse(flags, "Answers every empty line with 13 bytes, without parsing: the ceiling for step 2's server.")
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("no parsing on http://%s/\n", listener.Addr())
	for {
		conn, err := listener.Accept()
		if err != nil {
			program.Fail(flags, err)
		}
		go serve(conn, *once)
	}
}

// The date is as long as a real one, which is all that matters here.
const response = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!"

var emptyLine = []byte("\r\n\r\n")

// serve answers until the client closes. It doesn't see what the client says about
// the connection, so once tells it: the side that closes first keeps the port for a
// minute (TIME_WAIT), and a client would soon have none left.
func serve(conn net.Conn, once bool) {
	defer conn.Close()
	buffer := make([]byte, 2048)
	kept := 0 // bytes at the beginning of buffer that may be the beginning of an empty line
	var answers []byte
	for {
		n, err := conn.Read(buffer[kept:])
		if err != nil {
			return
		}
		got := buffer[:kept+n]
		answers = answers[:0]
		for {
			end := bytes.Index(got, emptyLine)
			if end < 0 {
				break
			}
			got = got[end+len(emptyLine):]
			answers = append(answers, response...)
		}
		kept = copy(buffer, got[max(0, len(got)-len(emptyLine)+1):])
		if len(answers) > 0 {
			conn.Write(answers) // if that fails, so does the next Read
			if once {
				return
			}
		}
	}
}
