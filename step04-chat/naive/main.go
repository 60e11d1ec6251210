// Command naive is the article's chat room, ported from Rust as it is, with its faults: a broadcast channel, a task
// for each client, a select over its next line and the next message. Don't copy it: it is there to be measured against.
//
//	go run ./step04-chat/naive
//	go run ./step04-chat/load -typing 5ms 127.0.0.1:8080
//
// Its faults:
//
//   - A line that is half typed when a message comes is lost: the branch of the select that did not win
//     is dropped, with what it has read. (In Rust, read_line is not cancel-safe.) -typing shows it.
//   - Each receiver formats each message, and writes it by itself: load -compare shows what that costs.
//   - A client that falls behind loses messages, and only the operator is told.
//   - A line may be as long as the client likes. Escape sequences reach the terminals of others.
//   - A client that does not read keeps its task in a write, for ever. Nothing ends in good order.
//   - Nagle's algorithm is on, as it is in Tokio: a message can wait 40 ms for the one before it.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step04-chat/broadcast"
)

const about = `The article's chat room, faults and all: see step04-chat/naive/main.go for the list.
To see it lose what somebody is typing: go run ./step04-chat/load -typing 5ms 127.0.0.1:8080`

func main() {
	flags := flag.NewFlagSet("go run ./step04-chat/naive", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, about)
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("the article's chat server on %s\n", listener.Addr())
	serve(listener)
}

// A message is what a client has said, and who.
type message struct {
	text string
	from net.Addr
}

// serve returns when a test closes the listener.
func serve(listener net.Listener) {
	sender, first := broadcast.New[message](100)
	first.Close()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go handle(conn, sender)
	}
}

// handle is the article's task: in a loop, the next line or the next message, whichever comes first.
func handle(conn net.Conn, sender *broadcast.Sender[message]) {
	defer conn.Close()
	if c, ok := conn.(*net.TCPConn); ok {
		c.SetNoDelay(false)
	}
	receiver := sender.Subscribe()
	defer receiver.Close()
	reads, done := make(chan []byte), make(chan struct{})
	defer close(done)
	go read(conn, reads, done)

	var line []byte // what has been read of the next line
	for {
		select {
		case chunk, ok := <-reads:
			if !ok {
				return
			}
			line = append(line, chunk...)
			for end := bytes.IndexByte(line, '\n') + 1; end > 0; end = bytes.IndexByte(line, '\n') + 1 {
				sender.Send(message{string(line[:end]), conn.RemoteAddr()})
				line = line[end:]
			}
		case <-receiver.Ready():
			// In Rust the future of the other branch is dropped here. It had taken these bytes
			// from the connection, and nobody else has them.
			line = nil
			m, err := receiver.TryRecv()
			if lagged, ok := errors.AsType[*broadcast.LaggedError](err); ok {
				log.Printf("%v lagged by %d", conn.RemoteAddr(), lagged.Missed)
			} else if err == nil && m.from != conn.RemoteAddr() {
				if _, err := fmt.Fprintf(conn, "[%v] %s", m.from, m.text); err != nil {
					return
				}
			}
		}
	}
}

// read stands for what Tokio does by polling the socket: a Go select waits for channels alone.
func read(conn net.Conn, reads chan<- []byte, done <-chan struct{}) {
	defer close(reads)
	buffer := make([]byte, 8<<10) // as much as Tokio's BufReader has
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		select {
		case reads <- bytes.Clone(buffer[:n]):
		case <-done:
			return
		}
	}
}
