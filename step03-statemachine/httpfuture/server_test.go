package httpfuture_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/httpfuture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The whole suite of step 2. Over the portable network it runs in memory, too, in virtual time.
func TestServer_portable(t *testing.T) {
	eachWorkers(t, func(t *testing.T, workers int) {
		server := newServer("portable", workers)
		t.Run("memory", func(t *testing.T) { httpdtest.TestServerInMemory(t, server) })
		t.Run("loopback", func(t *testing.T) { httpdtest.TestServerOverLoopback(t, server) })
	})
}

func TestServer_portableByteByByte(t *testing.T) {
	if raceDetector {
		t.Skip("millions of bytes, with a goroutine each: minutes under the race detector")
	}
	httpdtest.TestServerByteByByte(t, newServer("portable", 1))
}

func TestServer_epoll(t *testing.T) {
	needEpoll(t)
	eachWorkers(t, func(t *testing.T, workers int) {
		httpdtest.TestServerOverLoopback(t, newServer("epoll", workers))
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

func newServer(network string, workers int) func(settings *httpd.Server) httpdtest.Server {
	return func(settings *httpd.Server) httpdtest.Server {
		return &httpfuture.Server{
			HTTP: settings, Workers: workers,
			Network: func() (asyncnet.Network, error) { return asyncnet.New(network) },
		}
	}
}
