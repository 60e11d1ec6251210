package memnet_test

import (
	"context"
	"fmt"
	"io"

	"example.com/async/internal/lesson/memnet"
)

func Example() {
	listener := memnet.Listen(memnet.Segments(1)) // the server reads byte by byte
	defer listener.Close()
	client, err := listener.Dial(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	io.WriteString(client, "hello, ") // nobody has accepted yet
	io.WriteString(client, "server")
	client.CloseWrite()

	server, err := listener.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	request, err := io.ReadAll(server)
	fmt.Printf("%q %v, in %d writes\n", request, err, client.Writes())
	// Output: "hello, server" <nil>, in 2 writes
}
