package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	os.Exit(m.Run())
}

func TestMain_saysInOneLineWhatIsWrong(t *testing.T) {
	taken := programtest.TakenAddress(t)
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "-addr " + taken, Says: taken + " is in use", Status: 1},
		{Args: "-addr 127.0.0.1:0 -web " + taken, Says: taken + " is in use", Status: 1},
		{Args: "-engine thread", Says: `invalid value "thread" for flag -engine: it is goroutine or poll`},
		{Args: "-rate -1", Says: "flag -rate: it is a number from 0 to 100000"},
		{Args: "-rate NaN", Says: "flag -rate"},
		{Args: "-rate fast", Says: "flag -rate"},
		{Args: "-history -1", Says: "flag -history: it is a number from 0 to 10000"},
		{Args: "-history 1.5", Says: "flag -history"},
		{Args: "-max-line 0", Says: "flag -max-line: it is a number from 1 to 131072"},
		{Args: "8080", Says: `unexpected argument "8080"`},
	})
}

// A chat that can't be joined with others is better than none.
func TestMain_servesAloneWithoutNATS(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := taken.Addr().String()
	require.NoError(t, taken.Close())
	for _, test := range []struct{ url, says string }{
		{"nats://a b:4222", "-nats is of no use, this server is alone"},
		{"nats://ana:secret@" + nobody, "NATS can't be reached; this server is alone, and keeps trying"},
	} {
		for _, engine := range []string{"goroutine", "poll"} {
			server := programtest.Start(t, "-addr", "127.0.0.1:0", "-web", "", "-nats", test.url, "-engine", engine)
			conn, err := net.Dial("tcp", server.Address(t, "chat server on "))
			require.NoError(t, err)
			_, err = fmt.Fprint(conn, "/join go\n/who\n/quit\n")
			require.NoError(t, err)
			told, err := io.ReadAll(conn)
			require.NoError(t, err)
			assert.Contains(t, string(told), "* you are in #go, alone\n* 1 person in #go: guest1")
			require.NoError(t, conn.Close())
			server.StopsInGoodOrder(t)
			said := server.Errs.String()
			assert.Contains(t, said, test.says)
			assert.NotContains(t, said, "secret")
			assert.Equal(t, 1, strings.Count(said, "\n"), said)
		}
	}
}
