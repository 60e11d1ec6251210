// Command fasthttp answers GET / with "Hello, world!" by github.com/valyala/fasthttp,
// the Go library that is known for its speed, with its defaults, so without time
// limits. go run ./step02-http/load -compare starts it. The module is needed by this program alone: step 2's server doesn't
// import it.
package main

import (
	"flag"
	"fmt"

	"github.com/valyala/fasthttp"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

func main() {
	flags := flag.NewFlagSet("go run ./step02-http/peers/fasthttp", flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, "Answers GET / with 13 bytes, by fasthttp: to compare with step 2's server.")
	listener, err := tcp.Listen(*address)
	if err != nil {
		program.Fail(flags, err)
	}
	fmt.Printf("fasthttp on http://%s/\n", listener.Addr())

	// The others don't send the field Server.
	server := &fasthttp.Server{Handler: hello, NoDefaultServerHeader: true}
	ctx := program.Context()
	go func() {
		<-ctx.Done()
		server.Shutdown()
	}()
	if err := server.Serve(listener); err != nil {
		program.Fail(flags, err)
	}
}

func hello(ctx *fasthttp.RequestCtx) {
	if !ctx.IsGet() || string(ctx.Path()) != "/" {
		ctx.Error("there is nothing here", fasthttp.StatusNotFound)
		return
	}
	ctx.SetContentType("text/plain")
	ctx.WriteString("Hello, world!")
}
