package httpfuture

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
)

// FuzzConn sends anything, cut somewhere, to the Future and to the goroutine: their answers must
// be the same.
func FuzzConn(f *testing.F) {
	for _, cut := range []uint16{0, 1, 60, 100, 200, 400} {
		f.Add(dialogue, cut, uint8(cut))
	}
	f.Add("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\n\r\n", uint16(17), uint8(3))
	f.Add("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", uint16(70), uint8(0))
	f.Fuzz(func(t *testing.T, sent string, cut uint16, most uint8) {
		if len(sent) > 8<<10 {
			return // the goroutine's client writes everything before it reads
		}
		synctest.Test(t, func(t *testing.T) {
			want := answersOfGoroutine(t, sent)
			e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
			at := min(int(cut), len(sent))
			client := &fakeConn{pieces: []string{sent[:at], sent[at:]}, most: 1 + int(most)*16}
			require.NoError(t, pollToEnd(t, e.newConn(client), client))
			require.Equal(t, want, string(client.written))
		})
	})
}
