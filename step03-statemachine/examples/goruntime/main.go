// Command goruntime looks at what Go does where this step has an executor and a reactor: a
// goroutine waits in Read, and no thread does.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"time"

	"example.com/async/internal/program"
)

const about = `Shows a goroutine that waits in Read, and what Go's runtime has in place of this step's parts.
Read beside it, in GOROOT/src/runtime: proc.go, netpoll.go, netpoll_epoll.go.

  go run ./step03-statemachine/examples/goruntime -trace go.trace
  go tool trace go.trace`

func main() {
	flags := flag.NewFlagSet("go run ./step03-statemachine/examples/goruntime", flag.ContinueOnError)
	file := flags.String("trace", "", "write Go's own trace of the run to this `file`")
	program.Parse(flags, about)
	if err := record(*file, func() error { return show(os.Stdout) }); err != nil {
		program.Fail(flags, err)
	}
}

// record runs f while Go's execution tracer writes to the file, if there is one.
func record(name string, f func() error) error {
	if name == "" {
		return f()
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := trace.Start(file); err != nil {
		return errors.Join(err, file.Close())
	}
	err = f()
	trace.Stop()
	return errors.Join(err, file.Close())
}

// readers is how many goroutines wait in Read, each on a connection of its own.
const readers = 100

func show(w io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	threads := pprof.Lookup("threadcreate").Count()
	done := make(chan int, readers)
	var clients []net.Conn
	for range readers {
		client, server, err := connect(listener)
		if err != nil {
			return err
		}
		defer client.Close()
		defer server.Close()
		clients = append(clients, client)
		go waitInRead(server, done)
	}
	state, functions, err := waiting()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d goroutines wait in Read. One of them, as a stack trace shows it:\n", readers)
	fmt.Fprintf(w, "   state: %s\n", state)
	for _, f := range functions {
		fmt.Fprintf(w, "   %s\n", f)
	}
	fmt.Fprintf(w, "Threads that Go has started for them: %d\n", pprof.Lookup("threadcreate").Count()-threads)

	for _, client := range clients {
		client.Write([]byte("x"))
	}
	for range readers {
		<-done
	}
	fmt.Fprint(w, `A byte has come for each, and all have returned. Who does what:

   this step                          Go's runtime
   PollRead: try, would block         internal/poll.(*FD).Read: try, would block
   side.waker                         pollDesc.rg: the goroutine that waits        netpoll.go
   return pending                     runtime_pollWait, then gopark                netpoll.go, proc.go
   Driver.Park: epoll_wait            netpoll: epoll_wait                          netpoll_epoll.go
   Waker.Wake, task into the queue    goready, goroutine into the queue            proc.go
   worker.find                        findRunnable                                 proc.go
   Poll once more                     the goroutine goes on after gopark, on its own stack
`)
	return nil
}

// waitInRead has a name, so that it can be found among the stacks.
func waitInRead(conn net.Conn, done chan<- int) {
	n, _ := conn.Read(make([]byte, 1))
	done <- n
}

// waiting returns the state and the functions, innermost first, of a goroutine in waitInRead, once
// all of them have gone to sleep.
func waiting() (state string, functions []string, err error) {
	buffer := make([]byte, 1<<20)
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		var asleep []string
		for stack := range strings.SplitSeq(string(buffer[:runtime.Stack(buffer, true)]), "\n\n") {
			if strings.Contains(stack, ".waitInRead(") && strings.Contains(stack, "[IO wait") {
				asleep = append(asleep, stack)
			}
		}
		if len(asleep) == readers {
			return parse(asleep[0])
		}
	}
	return "", nil, errors.New("not all goroutines wait for the network")
}

// parse reads a stack: a line with the state, then two for each function.
func parse(stack string) (state string, functions []string, err error) {
	lines := bufio.NewScanner(strings.NewReader(stack))
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "goroutine "):
			_, state, _ = strings.Cut(line, "[")
			state, _, _ = strings.Cut(state, "]")
			state, _, _ = strings.Cut(state, ",")
		case !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "created by"):
			functions = append(functions, line[:strings.LastIndex(line, "(")])
		}
	}
	return state, functions, lines.Err()
}

// connect returns both ends of a connection.
func connect(listener net.Listener) (client, server net.Conn, err error) {
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		return nil, nil, err
	}
	if server, err = listener.Accept(); err != nil {
		client.Close()
		return nil, nil, err
	}
	return client, server, nil
}
