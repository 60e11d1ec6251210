package httpdtest

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step02-http/httpd"
)

// What one client may cost in work.
var costCases = []lesson.Case[Subject]{
	{
		Name: "head-linear", Rule: "the next byte of a long head costs as much as that of a short one", Source: "CWE-407, inefficient algorithmic complexity",
		Hint: "remember how far you have looked: who begins at the first byte each time looks at n bytes n times",
		Check: func(t lesson.T, subject Subject) {
			const tooMuch = 3 // times as much; right servers are near 1, whatever the machine does
			// The bytes take as long as the machine needs; the time limit for a head is another case's.
			server := serve(t, subject, &httpd.Server{Timeouts: httpd.Timeouts{Head: -1}})
			short := server.dialByteByByte()
			long := server.dialByteByByte()
			short.begin("")
			long.begin(strings.Repeat("A: "+strings.Repeat("x", 400)+"\r\n", 90))

			// The least of many measurements, taken in turn: what else the machine has to do
			// slows some of them down, but neither all of one nor all of the other.
			const rounds = 100
			shortCost, longCost := time.Hour, time.Hour
			for range rounds {
				shortCost = min(shortCost, short.cost())
				longCost = min(longCost, long.cost())
			}
			require.NotZero(t, shortCost, "this case needs real time: it can't run in a bubble")
			require.Less(t, longCost, tooMuch*shortCost, "%d bytes, one at a time, behind a head of 36 KiB, and behind one of 40 bytes", costBytes)
			for _, c := range []*byteByByte{short, long} {
				c.send("\r\n\r\n")
				c.expect(200, helloText, "the head has come byte by byte")
			}
		},
	},
}

// A byteByByte is a client that writes the next byte when the server has read the one before.
type byteByByte struct{ *client }

func (r *running) dialByteByByte() *byteByByte {
	r.T.Helper()
	conn, err := r.Listener.(*memnet.Listener).Dial(context.Background(), memnet.Buffer(1))
	require.NoError(r.T, err)
	r.T.Cleanup(func() { conn.Close() })
	return &byteByByte{newClient(r.T, conn)}
}

// begin sends a head up to the middle of a field.
func (c *byteByByte) begin(fields string) {
	c.send("GET / HTTP/1.1\r\nHost: test\r\n" + fields + "B: ")
}

// costBytes is how many bytes of the field one measurement sends: few, so that nothing else
// happens in the least of them.
const costBytes = 16

// cost is how long it takes the server to read costBytes more, one at a time.
func (c *byteByByte) cost() time.Duration {
	began := time.Now()
	_, err := io.WriteString(c.conn, strings.Repeat("b", costBytes))
	require.NoError(c.t, err, "the head is not too long")
	return time.Since(began)
}
