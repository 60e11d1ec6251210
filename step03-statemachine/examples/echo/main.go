// Command echo runs step 1's echo on tasks, has one client, and shows each poll of its connection.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/trace"
)

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/examples/echo", flag.ContinueOnError)
	reactor := flags.String("reactor", "", "epoll (Linux), portable, or the best there is")
	program.Parse(flags, "Runs an echo server and a client, and shows each poll of the client's connection.\n"+
		"Read beside it: step03-statemachine/asyncnet/echo.go.")
	if err := show(os.Stdout, *reactor); err != nil {
		program.Fail(flags, err)
	}
}

// The server has two tasks: the accept loop comes first, then the connection.
const connection = trace.TaskID(2)

func show(w io.Writer, reactor string) error {
	events := trace.New(100)
	pending, over := make(chan struct{}, 100), make(chan struct{})
	events.OnEvent = func(e trace.Event) {
		switch {
		case e.Task != connection:
		case e.Kind == trace.PollPending:
			pending <- struct{}{}
		case e.Kind == trace.Completed:
			close(over)
		}
	}
	network, err := asyncnet.New(reactor)
	if err != nil {
		return err
	}
	listener, err := tcp.Listen("127.0.0.1:0")
	if err != nil {
		network.Close()
		return err
	}
	server := &asyncnet.Server{
		Handler: asyncnet.Echo,
		Network: func() (asyncnet.Network, error) { return network, nil },
		Trace:   events,
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(ctx, listener) }()

	err = client(w, listener.Addr().String(), pending)
	if err == nil {
		<-over // to stop the server would wake the task once more
	}
	stop()
	if err := errors.Join(err, <-stopped); err != nil {
		return err
	}

	fmt.Fprintln(w, "The connection's task:")
	for _, e := range events.Snapshot() {
		switch {
		case e.Task != connection:
		case e.Kind == trace.Woken:
			fmt.Fprintf(w, "   %v, source: %v\n", e.Kind, e.Source)
		default:
			fmt.Fprintf(w, "   %v\n", e.Kind)
		}
	}
	return nil
}

// client says two things, and hears them again. Before each it waits until the server's poll has
// returned pending, so that the run is the same each time.
func client(w io.Writer, address string, pending <-chan struct{}) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Fprintln(w, "The client:")
	for _, text := range []string{"wait for it", "hello"} {
		<-pending
		if _, err := io.WriteString(conn, text); err != nil {
			return err
		}
		echo := make([]byte, len(text))
		if _, err := io.ReadFull(conn, echo); err != nil {
			return err
		}
		fmt.Fprintf(w, "   says %q, hears %q\n", text, echo)
	}
	<-pending
	if err := tcp.CloseWrite(conn); err != nil {
		return err
	}
	rest, err := io.ReadAll(conn)
	fmt.Fprintf(w, "   finishes, and hears %d bytes more\n", len(rest))
	return err
}
