package main

import (
	"encoding/json"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/load/client"
	"example.com/async/step02-http/load/generator"
)

// The article's load: so many requests, over so many connections.
const (
	articleRequests = 1000
	articleConns    = 50
)

// articleMix is the article's three endpoints, asked by turns. Its server lets a third
// of them fail, the POST, and its report counts that as 66.7 %. Of the other two
// only one gets what it asked for.
func articleMix(host string, fields []http1.Field) ([]generator.Endpoint, error) {
	var mix []generator.Endpoint
	for _, part := range []struct {
		method, target, body string
		right                func(client.Response) bool
	}{
		{http1.MethodGet, "/", "", isText("Hello, world!")},
		{http1.MethodGet, "/api/stats", "", isJSON},
		{http1.MethodPost, "/echo", "say it again", isText("say it again")},
	} {
		request, err := client.NewRequest(part.method, host, part.target, fields, part.body)
		if err != nil {
			return nil, err
		}
		mix = append(mix, generator.Endpoint{Request: request, Right: part.right})
	}
	return mix, nil
}

func isText(want string) func(client.Response) bool {
	return func(r client.Response) bool { return r.Status == 200 && string(r.Content) == want }
}

func isJSON(r client.Response) bool { return r.Status == 200 && json.Valid(r.Content) }
