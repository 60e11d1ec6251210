// Command article is the HTTP server that most articles begin with, ported from
// Rust as it is, with its faults. It is there to be measured against; don't copy it.
//
//	go run ./step02-http/article
//	go run ./step02-http/load http://127.0.0.1:8080
//
// Its faults, and the rules that they break:
//
//   - One Read is taken for one request. A head in two segments loses its tail
//     (RFC 9112 section 2.2: a server reads until the empty line), one beyond 1,024
//     bytes is cut, and a body stays unread.
//   - "GET /" as a prefix is taken for the whole request line. GET /api/stats gets
//     the page of GET / (RFC 9110 section 7.1: the target names the resource), and
//     GET /nonsense, "GET /" alone or a request without Host do too, where 404 and 400 are due
//     (RFC 9110 section 15.5.5, RFC 9112 sections 3 and 3.2).
//   - Whatever else comes is closed without an answer: POST and HEAD
//     (RFC 9110 section 9.1 wants 501 or 405), and a wrong request (RFC 9112 section 3 wants 400).
//   - Each connection is closed after one answer, unannounced: "Connection: close" is missing
//     (RFC 9112 section 9.6). A second request that was pipelined is lost (section 9.3.2).
//   - It closes with bytes unread, so the client may get a reset and lose the answer
//     (RFC 9112 section 9.6 describes the half-close that avoids it).
//   - No Date (RFC 9110 section 6.6.1) and no Content-Type (section 8.3).
//   - Errors are ignored, no time is limited, no number is: a client that says
//     nothing keeps its goroutine for ever.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"net"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

const about = `The HTTP server that most articles begin with, faults and all: see
step02-http/article/main.go for the list. To measure it:
go run ./step02-http/load http://127.0.0.1:8080`

func main() {
	flags := flag.NewFlagSet("go run ./step02-http/article", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, about)
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("the article's HTTP server on http://%s/\n", listener.Addr())
	serve(listener)
}

// serve never returns: the article's server is ended by Ctrl-C in the middle of
// whatever it does. It does return when a test closes the listener.
func serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go handle(conn)
	}
}

const response = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nHello, world!"

func handle(conn net.Conn) {
	defer conn.Close()
	buffer := make([]byte, 1024)
	n, _ := conn.Read(buffer)
	if bytes.HasPrefix(buffer[:n], []byte("GET /")) {
		conn.Write([]byte(response))
	}
}
