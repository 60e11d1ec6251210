// Command step02-http is an HTTP/1.1 server with a few routes.
//
// It is package httpd with the routes and flags of package site: see httpd's doc.go for how the
// pieces fit together.
package main

import (
	"flag"
	"fmt"

	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/site"
)

const about = `An HTTP/1.1 server: GET / says hello, POST /echo sends the body back, GET /stream
sends ten events, one a second, GET /api/stats says what the server has done, and
GET /files/... serves the folder that -root names.
Ctrl-C stops it when its requests are answered; a second Ctrl-C at once.`

func main() {
	flags := flag.NewFlagSet("go run ./step02-http", flag.ExitOnError)
	var settings site.Settings
	settings.AddFlags(flags)
	program.Parse(flags, about)

	server, err := settings.Server()
	if err != nil {
		program.Fail(flags, err)
	}
	listener, err := tcp.Listen(settings.Address)
	if err != nil {
		program.Fail(flags, err)
	}
	ctx := program.Context() // before the greeting: from then on somebody may press Ctrl-C
	fmt.Print(settings.Greeting(listener.Addr()))
	if err := server.Serve(ctx, listener); err != nil {
		program.Fail(flags, err)
	}
	fmt.Println("stopped")
}
