package main

import (
	"bufio"
	"errors"
	"net"
	"os"
	"strings"
	"time"
)

// The ways to wait for a line and for a message. Each serves until the connection has ended. All but the last are
// wrong.
var ways = []struct {
	name  string
	serve func(conn net.Conn, messages <-chan string, lines chan<- string)
}{
	{"a read with a deadline", byDeadline},
	{"a Scanner with a deadline", byScanner},
	{"a goroutine in each round that reads a line", byGoroutines},
	{"one goroutine that reads all lines", byReader},
}

// moment is how long a poll reads before it looks for messages.
const moment = time.Millisecond

// byDeadline polls: it reads for a moment, then looks for messages.
func byDeadline(conn net.Conn, messages <-chan string, lines chan<- string) {
	r := bufio.NewReader(conn)
	for {
		conn.SetReadDeadline(time.Now().Add(moment))
		line, err := r.ReadString('\n')
		if err == nil {
			lines <- strings.TrimSuffix(line, "\n")
			continue
		}
		// The fault: ReadString has returned with the error what was typed so far.
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		look(messages)
	}
}

// byScanner is the same with a Scanner. One that has seen an error is at its end, so each round has a new one.
func byScanner(conn net.Conn, messages <-chan string, lines chan<- string) {
	for {
		conn.SetReadDeadline(time.Now().Add(moment))
		scanner := bufio.NewScanner(conn)
		for scanner.Scan() {
			lines <- scanner.Text() // the fault: before an error, any rest passes for a line
		}
		if !errors.Is(scanner.Err(), os.ErrDeadlineExceeded) {
			return
		}
		look(messages)
	}
}

// look takes a message if there is one.
func look(messages <-chan string) {
	select {
	case <-messages:
	default:
	}
}

// byGoroutines starts a read in each round. When a message comes first, nothing stops that read: the goroutine
// stays, takes the next line from the connection, and gives it to a channel that nobody knows any more. (With one
// bufio.Reader for all rounds, as one would write it first, it is a data race besides.)
func byGoroutines(conn net.Conn, messages <-chan string, lines chan<- string) {
	for {
		type result struct {
			line string
			err  error
		}
		read := make(chan result, 1)
		go func() {
			line, err := bufio.NewReader(conn).ReadString('\n')
			read <- result{line, err}
		}()
		select {
		case r := <-read:
			if r.err != nil {
				return
			}
			lines <- strings.TrimSuffix(r.line, "\n")
		case <-messages: // the fault: read is forgotten, and what it will get
		}
	}
}

// byReader has one goroutine that reads for as long as the connection lives. It owns the half line, and no select
// can take it away: the loop only receives whole lines.
func byReader(conn net.Conn, messages <-chan string, lines chan<- string) {
	whole := make(chan string)
	go func() {
		defer close(whole)
		for scanner := bufio.NewScanner(conn); scanner.Scan(); {
			whole <- scanner.Text()
		}
	}()
	for {
		select {
		case line, ok := <-whole:
			if !ok {
				return
			}
			lines <- line
		case <-messages:
		}
	}
}
