package doctor

import (
	"io"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/netcat"
	"example.com/async/step01-tcp/tcp"
)

// asNetcat makes this test's program an nc: one that half-closes when its input ends, or one
// that waits for the server.
const asNetcat = "DOCTOR_TEST_NC"

func TestMain(m *testing.M) {
	switch os.Getenv(asNetcat) {
	case "half-closes":
		_ = netcat.Run(net.JoinHostPort(os.Args[1], os.Args[2]), os.Stdin, os.Stdout)
	case "waits":
		keyboard, _ := io.Pipe()
		_ = netcat.Run(net.JoinHostPort(os.Args[1], os.Args[2]), keyboard, os.Stdout)
	default:
		goleak.VerifyTestMain(m)
	}
}

// These measure the machine that runs the tests, which has Go and a loopback.

func TestTryLoopback_worksWhereTestsRun(t *testing.T) {
	require.NoError(t, tryLoopback())
}

func TestTryNetcat_tellsWhetherItHalfCloses(t *testing.T) {
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	t.Setenv(asNetcat, "half-closes")
	require.NoError(t, tryNetcat(t.Context(), os.Args[0]))
	t.Setenv(asNetcat, "waits")
	require.EqualError(t, tryNetcat(t.Context(), os.Args[0]), "it does not tell the server when its input ends")
	require.NoError(t, tryNetcat(t.Context(), ""), "that there is none is judged elsewhere")
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
