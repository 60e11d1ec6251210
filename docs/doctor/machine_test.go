package doctor

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step01-tcp/tcp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// These measure the machine that runs the tests, which has Go and a loopback.

func TestTryLoopback_worksWhereTestsRun(t *testing.T) {
	require.NoError(t, tryLoopback())
}

func TestTryPort_seesAPortThatIsTaken(t *testing.T) {
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.Error(t, tryPort(port))
	require.NoError(t, tryPort("0"))
}
