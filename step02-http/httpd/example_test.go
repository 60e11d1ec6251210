package httpd_test

import (
	"context"
	"fmt"
	"strings"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// A Middleware that lets no browser keep a response, around a Router. An Exchange shows
// what a server would send, without one.
func ExampleMiddleware() {
	var noStore httpd.Middleware = func(next httpd.Handler) httpd.Handler {
		return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
			next.ServeHTTP(w, r)
			w.Header().Set("Cache-Control", "no-store")
		})
	}
	router := new(httpd.Router)
	router.HandleFunc("GET", "/greet/{name}", func(w *httpd.ResponseWriter, r *httpd.Request) {
		fmt.Fprintf(w, "Hello, %s!", r.Param("name"))
	})

	parser := http1.NewParser(http1.Limits{})
	parser.Parse([]byte("GET /greet/J%C3%BCrgen HTTP/1.1\r\nHost: example\r\n\r\n"))
	var exchange httpd.Exchange
	exchange.Reset()
	exchange.Answer(context.Background(), noStore(router), parser.Request(), nil)
	response, _, _ := exchange.Append(nil, "Sat, 01 Jan 2000 00:00:00 GMT", false)
	fmt.Println(strings.ReplaceAll(string(response), "\r\n", "\n"))
	// Output:
	// HTTP/1.1 200 OK
	// Date: Sat, 01 Jan 2000 00:00:00 GMT
	// Cache-Control: no-store
	// Content-Length: 15
	//
	// Hello, Jürgen!
}
