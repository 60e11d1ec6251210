package grade

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestGoEnv_asksTheGoCommand(t *testing.T) {
	env, err := GoEnv(t.Context(), t.TempDir())
	require.NoError(t, err)
	require.NotEmpty(t, env.GOVERSION)
	require.NotEmpty(t, env.GOOS)
}

func TestGoCommand_passesOnWhatItComplainsAbout(t *testing.T) {
	_, err := GoCommand(t.Context(), t.TempDir(), "no-such-command")
	require.ErrorContains(t, err, "unknown command")
}

func TestFindCompiler_knowsThatACompilerMayHaveArguments(t *testing.T) {
	require.NoError(t, FindCompiler(Environment{CC: "go tool"}), "go is a program that is there")
	require.Error(t, FindCompiler(Environment{CC: "no-such-compiler -m64"}))
	require.Error(t, FindCompiler(Environment{}))
}
