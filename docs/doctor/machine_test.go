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

func TestGoEnv_asksTheGoCommand(t *testing.T) {
	env, err := goEnv(t.Context(), t.TempDir())
	require.NoError(t, err)
	require.Equal(t, good, judgeGo(env, err).severity)
	require.NotEmpty(t, env.GOOS)
}

func TestGoCommand_passesOnWhatItComplainsAbout(t *testing.T) {
	_, err := goCommand(t.Context(), t.TempDir(), "no-such-command")
	require.ErrorContains(t, err, "unknown command")
}

func TestFindCompiler_knowsThatACompilerMayHaveArguments(t *testing.T) {
	require.NoError(t, findCompiler(goEnvironment{CC: "go tool"}), "go is a program that is there")
	require.Error(t, findCompiler(goEnvironment{CC: "no-such-compiler -m64"}))
	require.Error(t, findCompiler(goEnvironment{}))
}
