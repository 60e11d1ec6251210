package server_test

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step05-select/designs/designtest"
	"example.com/async/step05-select/designs/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDesigns_areTheSameRoom(t *testing.T) {
	for _, d := range server.All() {
		for _, pool := range []bool{false, true} {
			if pool && !d.Pool {
				continue
			}
			name := d.Name
			if pool {
				name += ", pool"
			}
			t.Run(name, func(t *testing.T) {
				designtest.TestRoom(t, serve(t, d, pool), designtest.Room{Overtaken: pool})
			})
		}
	}
}

// serve serves a design over loopback until the end of the test, and returns its address.
func serve(t *testing.T, d server.Design, pool bool) string {
	server.Prepare()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx, listener, pool) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	return listener.Addr().String()
}
