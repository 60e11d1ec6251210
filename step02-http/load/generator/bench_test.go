package generator

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/load/client"
)

// BenchmarkPipelined is what a request costs the generator itself, without a
// kernel: the server, in memory, writes sixteen answers whenever it has read something.
// It must stay below what the fastest server needs, or it is the generator that is measured.
func BenchmarkPipelined(b *testing.B) {
	const batch = 16
	request, err := client.NewRequest("GET", "example", "/", nil, "")
	require.NoError(b, err)
	var answers []byte
	for range batch {
		answers = append(answers, "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!"...)
	}
	dial := func(context.Context) (net.Conn, error) {
		ours, theirs := memnet.Pipe()
		go func() {
			defer theirs.Close()
			requests := make([]byte, batch*len(request.Bytes))
			for {
				if _, err := io.ReadFull(theirs, requests); err != nil {
					return
				}
				theirs.Write(answers)
			}
		}()
		return ours, nil
	}
	b.ReportAllocs()
	run, err := Start(b.Context(), Load{
		Dial: dial, Conns: 1, Pipeline: batch, Count: (b.N + batch - 1) / batch * batch,
		Endpoints: []Endpoint{{Request: request, Right: func(r client.Response) bool { return string(r.Content) == "Hello, world!" }}},
	})
	require.NoError(b, err)
	require.Zero(b, run.Wait().Failed())
}
