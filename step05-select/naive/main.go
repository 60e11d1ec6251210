// Command naive is the article's chat room as it is in Rust: a task for each client, on step 3's runtime, and in it a
// loop around a select over the next line and the next message. Step 4 has the same room with goroutines, and plays the
// fault of its select by hand. Here it happens for the reason for which it happens in Rust. Don't copy it.
//
//	go run ./step05-select/naive
//
// Two people come, each with nc 127.0.0.1 8080. One types half a line and Ctrl-D, which sends it without an Enter. The
// other one says something. The first one types the rest and Enter: only the rest arrives. The server's terminal says
// when the half was lost.
//
// Its faults:
//
//   - A line that is half typed when a message comes is lost. The half is in a Future, readLine, and select
//     cancels the Future that loses. Nothing is wrong with either of them alone. One's own message does it as well:
//     it comes back to one's own select. Who pastes some lines can lose a part of them, alone in the room.
//   - Who does not read the messages is not heard any more, either: the task waits in its write, and no deadline
//     ends that.
//   - Each receiver formats each message, and writes it by itself.
//   - A client that falls behind loses messages, and only the operator is told.
//   - A line may be as long as the client likes. Escape sequences reach the terminals of others.
//   - The end of the program cuts everybody off in the middle of a word.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step04-chat/broadcast"
)

const about = `The article's chat room as it is in Rust, on Futures, faults and all: see step05-select/naive/main.go for the list.
To see it lose half a line: nc in two terminals, and type in one
  please do not     then Ctrl-D, which sends the half line
in the other one
  in between        then Enter
and in the first again
  forget me         then Enter`

func main() {
	flags := flag.NewFlagSet("go run ./step05-select/naive", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, about)
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("the article's chat server, on Futures, on %s\n", listener.Addr())
	best := func() (asyncnet.Network, error) { return asyncnet.New("") }
	if err := serve(context.Background(), listener, best, os.Stdout); err != nil {
		program.Fail(flags, err)
	}
}

// serve returns when ctx ends: a test does that. operator is told what the article prints.
func serve(ctx context.Context, listener net.Listener, network func() (asyncnet.Network, error), operator io.Writer) error {
	sender, first := broadcast.New[message](100)
	first.Close()
	r := &room{sender: sender, operator: operator}
	server := &asyncnet.Server{Handler: r.handle, Network: network, DrainTimeout: -1}
	return server.Serve(ctx, listener)
}
