// Command reactor shows readiness: one socket, tried by hand, and the driver that tells when trying
// is worth while.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"

	"example.com/async/internal/program"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/future"
)

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/examples/reactor", flag.ContinueOnError)
	name := flags.String("reactor", "", "epoll (Linux), portable, or the best there is")
	program.Parse(flags, "Reads from a socket by hand, and waits in the reactor for the waker to be due.\n"+
		"Read beside it: step03-statemachine/reactor, asyncnet/portable_conn.go.")
	if err := show(os.Stdout, *name); err != nil {
		program.Fail(flags, err)
	}
}

// A bell is a waker that says whether it was called. The portable network calls it on a goroutine
// of its own, while the program sleeps in Park.
type bell struct {
	network asyncnet.Network
	rung    atomic.Bool
}

func (b *bell) Wake() {
	b.rung.Store(true)
	b.network.Unpark()
}

func show(w io.Writer, reactor string) error {
	network, err := asyncnet.New(reactor)
	if err != nil {
		return err
	}
	defer network.Close()
	client, server, err := connect(network)
	if err != nil {
		return err
	}
	defer client.Close()

	waker := &bell{network: network}
	read := func() {
		buffer := make([]byte, 64)
		n, ready, err := server.PollRead(future.NewContext(waker), buffer)
		switch {
		case !ready:
			fmt.Fprintln(w, "   read: pending")
		case errors.Is(err, io.EOF):
			fmt.Fprintln(w, "   read: the end of the stream")
		case err != nil:
			fmt.Fprintln(w, "   read:", err)
		default:
			fmt.Fprintf(w, "   read: %q\n", buffer[:n])
		}
	}
	park := func() {
		for !waker.rung.Swap(false) { // Park may also return for nothing
			for _, waker := range network.Park(-1, nil) {
				waker.Wake()
			}
		}
		fmt.Fprintln(w, "   the waker of the read was called")
	}

	fmt.Fprintln(w, "1. Nothing has come. The read returns at once, and keeps the waker:")
	read()
	fmt.Fprintln(w, "2. The client sends. The driver, which would sleep otherwise, tells whom to wake:")
	client.Write([]byte("hello"))
	park()
	fmt.Fprintln(w, "3. Now a read is worth while. The next one is pending again:")
	read()
	read()
	fmt.Fprintln(w, "4. The client has finished sending, which makes the socket readable, too:")
	client.CloseWrite()
	park()
	read()
	fmt.Fprintln(w, "5. The other direction is still open:")
	n, ready, err := server.PollWrite(future.NewContext(waker), []byte("bye"))
	fmt.Fprintf(w, "   write: %d bytes, ready %v, error %v\n", n, ready, err)
	return server.Close()
}

// connect returns both ends of a connection over loopback. The server's end is the network's.
func connect(network asyncnet.Network) (*net.TCPConn, asyncnet.Conn, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	accepted, err := listener.Accept()
	if err != nil {
		client.Close()
		return nil, nil, err
	}
	server, err := network.Conn(accepted)
	if err != nil {
		client.Close()
		return nil, nil, err
	}
	return client.(*net.TCPConn), server, nil
}
