package pollloop_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/pollloop"
	"example.com/async/step05-select/selecttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Over the portable network the suite runs in memory, too, in virtual time.
func TestServer_portable(t *testing.T) {
	eachWorkers(t, func(t *testing.T, workers int) {
		selecttest.TestServer(t, newServer("portable", workers))
	})
}

func TestServer_epoll(t *testing.T) {
	needEpoll(t)
	eachWorkers(t, func(t *testing.T, workers int) {
		selecttest.TestServerOverLoopback(t, newServer("epoll", workers))
	})
}

// What the suite's clients can't see: nobody is left to ask who is here.
func TestServer_letsClientsLeaveThatItCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chat := hub.New(hub.Config{})
		server := pollloop.New(pollloop.Config{
			Hub: chat, DrainTimeout: time.Second,
			Network: func() (asyncnet.Network, error) { return asyncnet.NewPortable(), nil },
		})
		listener := memnet.Listen(memnet.Buffer(16))
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- server.Serve(ctx, listener) }()
		for range 2 {
			stuck, err := listener.Dial(t.Context()) // it reads nothing
			require.NoError(t, err)
			defer stuck.Close()
			synctest.Wait()
		}
		require.EqualValues(t, 2, chat.Stats().Users.Load())
		stop()
		require.NoError(t, <-served)
		require.Zero(t, chat.Stats().Users.Load(), "a client was cut when the server stopped, and is still in the chat")
	})
}

func eachWorkers(t *testing.T, test func(t *testing.T, workers int)) {
	for _, workers := range []int{1, 4} {
		t.Run(fmt.Sprintf("workers-%d", workers), func(t *testing.T) { test(t, workers) })
	}
}

func needEpoll(t *testing.T) {
	network, err := asyncnet.NewEpoll()
	if err != nil {
		t.Skip(err)
	}
	require.NoError(t, network.Close())
}

func newServer(network string, workers int) func(s *selecttest.Settings) selecttest.Server {
	return func(s *selecttest.Settings) selecttest.Server {
		return pollloop.New(pollloop.Config{
			Hub: hub.New(s.Hub()), Client: s.Client(),
			Network: func() (asyncnet.Network, error) { return asyncnet.New(network) }, Workers: workers,
			MaxLine: s.MaxLine, DrainTimeout: s.DrainTimeout, Logger: s.Logger,
		})
	}
}
