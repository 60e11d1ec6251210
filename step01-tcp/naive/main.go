// Command naive is the echo server that anyone would write first. It works, for
// one friendly client at a time. Chapter 1 shows how it fails; don't copy it.
package main

import (
	"flag"
	"fmt"
	"net"
)

func main() {
	address := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		panic(err)
	}
	fmt.Println("echo server on", listener.Addr())
	for {
		conn, _ := listener.Accept()
		fmt.Println("a client has come")
		serve(conn)
	}
}

func serve(conn net.Conn) {
	buffer := make([]byte, 1024)
	n, _ := conn.Read(buffer)
	conn.Write(buffer[:n])
	conn.Close()
}
