package main

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A ceiling that answers less often than it is asked would be none.
func TestNoparse_answersEachEmptyLineHoweverItIsCut(t *testing.T) {
	const heads = "GET / HTTP/1.1\r\nHost: a\r\n\r\n" + "GET / HTTP/1.1\r\nHost: b\r\n\r\n" + "\r\n\r\n"
	for _, size := range []int{1, 2, 3, 5, 17, len(heads)} {
		synctest.Test(t, func(t *testing.T) {
			client, server := memnet.Pipe(memnet.Segments(size))
			go serve(server, false)
			_, err := io.WriteString(client, heads)
			require.NoError(t, err)
			require.NoError(t, client.CloseWrite())
			answers, err := io.ReadAll(client)
			require.NoError(t, err)
			require.Equal(t, 3, strings.Count(string(answers), "Hello, world!"), "cut into %d", size)
			client.Close()
			synctest.Wait()
		})
	}
}

func TestNoparse_closesAfterItsAnswerIfTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		go serve(server, true)
		_, err := io.WriteString(client, "GET / HTTP/1.1\r\n\r\n")
		require.NoError(t, err)
		answer, err := io.ReadAll(client)
		require.NoError(t, err)
		require.Equal(t, response, string(answer))
		client.Close()
	})
}
