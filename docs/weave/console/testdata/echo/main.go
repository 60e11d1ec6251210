// Command echo is a server for the tests of the console sessions: what comes
// back is in upper case, and every connection is announced.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen `address`")
	flag.Parse()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		<-interrupted
		listener.Close()
	}()

	fmt.Println("listening on", listener.Addr())
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			break
		} else if err != nil {
			continue
		}
		fmt.Println("connection from", conn.RemoteAddr())
		go serve(conn)
	}
	fmt.Println("stopped")
}

func serve(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if lines.Text() == "who am i" {
			fmt.Fprintln(conn, conn.RemoteAddr())
			continue
		}
		fmt.Fprintln(conn, strings.ToUpper(lines.Text()))
	}
}
