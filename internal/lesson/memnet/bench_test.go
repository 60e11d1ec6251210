package memnet

import (
	"io"
	"testing"
)

// The price of a connection in memory, for those who write load tests on it.

func BenchmarkConn_pingPong(b *testing.B) {
	client, server := Pipe()
	go func() {
		io.Copy(server, server)
		server.Close()
	}()
	p := make([]byte, 32)
	for b.Loop() {
		client.Write(p)
		io.ReadFull(client, p)
	}
	client.Close()
}

func BenchmarkConn_stream(b *testing.B) {
	client, server := Pipe()
	go func() {
		io.Copy(io.Discard, server)
		server.Close()
	}()
	p := make([]byte, 16<<10)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		client.Write(p)
	}
	client.Close()
}

func BenchmarkPipe(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Pipe()
	}
}
