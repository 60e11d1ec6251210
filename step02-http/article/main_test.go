package main

import (
	"io"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Each fault is one that chapter 2 shows: whoever mends one here has taken it from there.
func TestArticle_hasItsFaults(t *testing.T) {
	const nothing = ""
	for _, test := range []struct {
		fault  string
		pieces []string
		answer string
	}{
		{"what it can do", []string{"GET / HTTP/1.1\r\nHost: a\r\n\r\n"}, response},
		{"a prefix match", []string{"GET /api/stats HTTP/1.1\r\nHost: a\r\n\r\n"}, response},
		{"no syntax", []string{"GET /"}, response},
		{"one read", []string{"GE", "T / HTTP/1.1\r\nHost: a\r\n\r\n"}, nothing},
		{"no answer to a method it lacks", []string{"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"}, nothing},
		{"no answer to a wrong request", []string{"hello\r\n\r\n"}, nothing},
		{"no pipelining", []string{"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"}, response},
	} {
		t.Run(test.fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := memnet.Pipe()
				defer client.Close()
				go handle(server)
				for _, piece := range test.pieces {
					io.WriteString(client, piece) // fails when the server has closed already, as it may
					synctest.Wait()
				}
				answer, _ := io.ReadAll(client)
				assert.Equal(t, test.answer, string(answer))
			})
		})
	}
}

func TestArticle_losesItsAnswerWhenBytesStayUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		defer client.Close()
		_, err := client.Write(make([]byte, 1025))
		require.NoError(t, err)
		handle(server)
		_, err = client.Read(make([]byte, 1))
		require.ErrorContains(t, err, "reset")
	})
}
