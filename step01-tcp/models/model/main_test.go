package model

import (
	"context"
	"net"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// crashing is a model that no measurement survives: its process ends when the
// second client comes.
var crashing = Model{Name: "crashing", Serve: func(_ context.Context, listener net.Listener) error {
	served := 0
	return acceptEach(context.Background(), listener, func(conn net.Conn) {
		if served++; served == 2 {
			panic("as the test asked")
		}
		go echoOnce(conn)
	})
}}

// failing is a model that gives up before its first client.
var failing = Model{Name: "failing", Serve: func(context.Context, net.Listener) error {
	return os.ErrPermission
}}

func echoOnce(conn net.Conn) {
	p := make([]byte, 1)
	conn.Read(p)
	conn.Write(p)
}

// Measure starts this test's program again as its server.
func TestMain(m *testing.M) {
	ServeIfChild(append(All(), crashing, failing))
	// Under the race detector each process sleeps a second before it ends, unless told.
	os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0")
	goleak.VerifyTestMain(m)
}
