package netcat

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step01-tcp/tcp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTalk_sendsTheInputAndPrintsTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		go func() {
			defer server.Close()
			_ = tcp.Echo(t.Context(), server)
		}()
		var out bytes.Buffer
		require.NoError(t, talk(client, strings.NewReader("hello\nworld\n"), &out))
		require.Equal(t, "hello\nworld\n", out.String())
	})
}

func TestTalk_halfClosesAtTheEndOfTheInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		go func() {
			defer server.Close()
			// The answer begins only when all of the question has come.
			question, _ := io.ReadAll(server)
			io.WriteString(server, strings.ToUpper(string(question)))
		}()
		var out bytes.Buffer
		require.NoError(t, talk(client, iotest.OneByteReader(strings.NewReader("late")), &out))
		require.Equal(t, "LATE", out.String(), "what comes after the half-close must be printed")
	})
}

func TestTalk_endsWhenThePeerClosesThoughTheInputGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		keyboard, typist := io.Pipe() // nobody types
		defer typist.Close()
		io.WriteString(server, "bye\n")
		server.Close()
		var out bytes.Buffer
		require.NoError(t, talk(client, keyboard, &out))
		require.Equal(t, "bye\n", out.String())
		require.True(t, client.Closed())
	})
}

func TestTalk_printsWhatComesAfterThePeerHasStoppedReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		keyboard, typist := io.Pipe()
		defer typist.Close()
		go func() {
			io.WriteString(server, "go away\n")
			server.Close()
			typist.Write([]byte("too late\n")) // its Write to the connection fails
		}()
		var out bytes.Buffer
		require.NoError(t, talk(client, keyboard, &out))
		require.Equal(t, "go away\n", out.String())
	})
}

func TestTalk_tellsOfAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		keyboard, typist := io.Pipe()
		defer typist.Close()
		require.NoError(t, server.SetLinger(0))
		server.Close()
		require.EqualError(t, talk(client, keyboard, io.Discard), "the other side cut the connection (reset)")
		require.True(t, client.Closed())
	})
}

func TestTalk_tellsOfAnInputThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := memnet.Pipe()
		defer server.Close()
		err := talk(client, iotest.ErrReader(errors.New("the keyboard is gone")), io.Discard)
		require.EqualError(t, err, "cannot read the input: the keyboard is gone")
		require.True(t, client.Closed())
	})
}

func TestRun_talksOverARealConnection(t *testing.T) {
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			_ = tcp.Echo(t.Context(), conn)
			conn.Close()
		}
	}()
	var out bytes.Buffer
	require.NoError(t, Run(listener.Addr().String(), strings.NewReader("hello"), &out))
	require.Equal(t, "hello", out.String())
}

func TestRun_saysThatNobodyListens(t *testing.T) {
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	listener.Close()
	require.EqualError(t, Run(address, strings.NewReader(""), io.Discard),
		"nobody listens on "+address+": start the server first, in another terminal")
}

func TestRun_explainsABadAddress(t *testing.T) {
	err := Run("127.0.0.1", strings.NewReader(""), io.Discard)
	require.ErrorContains(t, err, "an address looks like 127.0.0.1:8080")
	require.NotContains(t, err.Error(), "\n")
}
