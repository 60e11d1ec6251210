package tcp_test

import (
	"testing"

	"go.uber.org/goleak"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServer(t *testing.T) { tcptest.TestServer(t, newServer) }

func TestEcho(t *testing.T) { tcptest.TestEcho(t, newServer) }

func newServer(settings *tcp.Server) tcptest.Server { return settings }
