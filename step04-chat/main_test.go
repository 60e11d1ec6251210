package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

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
		{Args: "-addr " + taken, Says: taken + " is in use by another program: stop that program", Status: 1},
		{Args: "-hub queue", Says: `invalid value "queue" for flag -hub: it is channel or mutex`},
		{Args: "-capacity 0", Says: "flag -capacity: it is a number from 1 to 1048576"},
		{Args: "-max-line 5k", Says: "flag -max-line: it is a number from 1 to 1048576"},
		{Args: "8080", Says: `unexpected argument "8080"`},
	})
}

func TestMain_passesOnWhatWasSaidAndStops(t *testing.T) {
	for _, hub := range []string{"channel", "mutex"} {
		t.Run(hub, func(t *testing.T) {
			server := programtest.Start(t, "-addr", "127.0.0.1:0", "-hub", hub)
			address := server.Address(t, "chat server on ")
			listener, err := net.Dial("tcp", address)
			require.NoError(t, err)
			talker, err := net.Dial("tcp", address)
			require.NoError(t, err)
			// A connection that is open may not be in the room yet. So the talker says it until it is heard.
			var heard [1]byte
			for first := true; first || errors.Is(err, os.ErrDeadlineExceeded); first = false {
				_, err = io.WriteString(talker, "hello\n")
				require.NoError(t, err)
				require.NoError(t, listener.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
				_, err = listener.Read(heard[:])
			}
			require.NoError(t, err)
			require.NoError(t, listener.SetReadDeadline(time.Now().Add(10*time.Second)))
			line, err := bufio.NewReader(listener).ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "["+talker.LocalAddr().String()+"] hello\n", string(heard[:])+line)
			require.NoError(t, errors.Join(listener.Close(), talker.Close())) // or the server would linger for them
			server.StopsInGoodOrder(t)
		})
	}
}
