// Command models is step 1's table of models with one more: a single goroutine
// that polls all connections.
package main

import (
	"context"
	"net"

	"example.com/async/step01-tcp/models/model"
	"example.com/async/step03-statemachine/asyncnet"
)

func main() {
	model.Command("go run ./step03-statemachine/models", append(model.All(), eventLoop))
}

// eventLoop serves each connection as a Future, on one worker: [asyncnet.Echo], which is
// step 1's handler as a machine.
var eventLoop = model.Model{
	Name: "an event loop",
	Serve: func(ctx context.Context, listener net.Listener) error {
		server := &asyncnet.Server{
			Handler: asyncnet.Echo,
			Network: func() (asyncnet.Network, error) { return asyncnet.New("") },
		}
		return server.Serve(ctx, listener)
	},
}
