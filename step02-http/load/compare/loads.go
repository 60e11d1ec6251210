package compare

import (
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/load/client"
	"example.com/async/step02-http/load/generator"
)

// A load is one way in which all servers are used.
type load struct {
	name     string
	conns    int
	pipeline int
	oneShot  bool
	fields   []http1.Field
	idle     bool // no requests, but connections that wait: memory is told
}

var loads = []load{
	{name: "keep-alive, 64 connections", conns: 64},
	{name: "keep-alive, 1,000 connections", conns: 1000},
	{name: "16 requests pipelined, 64 connections", conns: 64, pipeline: 16},
	{name: "ten header fields, 64 connections", conns: 64, fields: browserFields},
	{name: "a connection per request, 64 at a time", conns: 64, oneShot: true},
	{name: "idle connections", idle: true},
}

// browserFields are, with Host, ten fields that a browser sends.
var browserFields = []http1.Field{
	{Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
	{Name: "Accept", Value: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
	{Name: "Accept-Language", Value: "en-US,en;q=0.5"},
	{Name: "Accept-Encoding", Value: "gzip, deflate, br, zstd"},
	{Name: "DNT", Value: "1"},
	{Name: "Sec-GPC", Value: "1"},
	{Name: "Connection", Value: "keep-alive"},
	{Name: "Cookie", Value: "session=0123456789abcdef0123456789abcdef"},
	{Name: "Priority", Value: "u=0, i"},
}

// request is what the load asks: GET / in each case.
func (l load) request(host string) (client.Request, error) {
	fields := l.fields
	if l.oneShot {
		fields = append(fields[:len(fields):len(fields)], http1.Field{Name: "Connection", Value: "close"})
	}
	return client.NewRequest(http1.MethodGet, host, "/", fields, "")
}

// endpoint is the request, and what the answer must be: a wrong answer may be a
// cheap one.
func (l load) endpoint(host string) (generator.Endpoint, error) {
	request, err := l.request(host)
	return generator.Endpoint{Request: request, Right: func(r client.Response) bool {
		return r.Status == 200 && string(r.Content) == "Hello, world!"
	}}, err
}
