package tcp_test

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
)

func TestListen_saysInOneLineWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for address, says := range map[string]string{
		taken.Addr().String(): taken.Addr().String() + " is in use by another program: stop that program, or choose another port with -addr",
		"8080":                "an address looks like 127.0.0.1:8080",
		"127.0.0.1:123456":    "an address looks like 127.0.0.1:8080",
	} {
		_, err := tcp.Listen(address)
		require.Error(t, err, address)
		assert.Contains(t, err.Error(), says)
		assert.Zero(t, strings.Count(err.Error(), "\n"), err)
	}
}
