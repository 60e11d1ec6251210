// Command textbook is the chat room that books on Go build to show channels: a goroutine that owns the room, the hub,
// and for each client a channel to which the hub sends. (The Go Programming Language has it in
// section 8.10.) It is right as long as everybody reads.
//
//	go run ./step04-chat/textbook
//	go run ./step04-chat/load -stalled 1 127.0.0.1:8080
//
// Its fault: the hub's send blocks. One client that stops reading fills the kernel's buffers, then its
// writer blocks in Write, then the hub blocks in the send to that writer, and nobody gets anything any more. It
// takes one laptop that is closed in the middle of a talk. To make the channels buffered only delays it; to
// drop what does not fit loses the newest messages, and nobody is told.
//
// Each message is formatted once, by who sends it, and written by itself to each receiver.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

const about = `The chat room of books on Go: a hub goroutine that sends to each client's channel.
To see one client freeze all others: go run ./step04-chat/load -stalled 1 127.0.0.1:8080`

func main() {
	flags := flag.NewFlagSet("go run ./step04-chat/textbook", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, about)
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("the textbook's chat server on %s\n", listener.Addr())
	serve(listener)
}

// A client is the channel of those messages that are to be written to it.
type client chan string

// A message is a line for everybody but its sender.
type message struct {
	text string
	from client
}

// A room is how clients talk to the hub.
type room struct {
	entering chan client
	leaving  chan client
	messages chan message
}

// serve returns when a test closes the listener, and then its room ends with its last client.
func serve(listener net.Listener) {
	r := &room{make(chan client), make(chan client), make(chan message)}
	done := make(chan struct{})
	defer close(done)
	go r.hub(done)
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go r.handle(conn)
	}
}

// hub owns the set of clients: nobody else touches it, so it needs no lock.
func (r *room) hub(done <-chan struct{}) {
	clients := make(map[client]bool)
	for done != nil || len(clients) > 0 {
		select {
		case c := <-r.entering:
			clients[c] = true
		case c := <-r.leaving:
			delete(clients, c)
			close(c)
		case m := <-r.messages:
			for c := range clients {
				if c != m.from {
					c <- m.text // the fault: this waits for the slowest of all
				}
			}
		case <-done:
			done = nil
		}
	}
}

func (r *room) handle(conn net.Conn) {
	defer conn.Close()
	c := make(client)
	go func() {
		for text := range c {
			io.WriteString(conn, text) // if it fails, the reader below sees so too
		}
	}()
	r.entering <- c
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		r.messages <- message{fmt.Sprintf("[%v] %s\n", conn.RemoteAddr(), lines.Text()), c}
	}
	r.leaving <- c
}
