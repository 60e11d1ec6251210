// Command nethttp answers GET / with "Hello, world!" by the standard library's
// net/http, as most programs use it: a mux, and nothing tuned. It has no time
// limits, because that is the default, and because each would make it dearer:
// step 2's server, which keeps all of its own, is compared with the cheapest net/http there is.
// go run ./step02-http/load -compare starts it, and tells every other server's
// figures as ratios to this one's.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

func main() {
	flags := flag.NewFlagSet("go run ./step02-http/peers/nethttp", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, "Answers GET / with 13 bytes, by net/http: to compare with step 2's server.")
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("net/http on http://%s/\n", listener.Addr())

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "Hello, world!")
	})
	server := &http.Server{Handler: mux}
	ctx := program.Context()
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		program.Fail(flags, err)
	}
}
