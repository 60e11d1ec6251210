package process

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// asServer makes this test's program a server: its value is what that prints.
const asServer = "PROCESS_TEST_SAYS"

func TestMain(m *testing.M) {
	if words, ok := os.LookupEnv(asServer); ok {
		fmt.Println(words, os.Args[1:])
		if words == "fails" {
			os.Exit(1)
		}
		<-time.After(time.Hour) // until it is killed
	}
	goleak.VerifyTestMain(m)
}

// start starts this test's program as a server that prints these words.
func start(t *testing.T, words string) (*Process, error) {
	self, err := os.ReadFile(os.Args[0])
	require.NoError(t, err)
	folder := t.TempDir()
	for _, name := range []string{"server", "server.exe"} { // one of them is right on this system
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), self, 0o700))
	}
	t.Setenv(asServer, words)
	return Start(t.Context(), folder, Program{
		Name: "the server", Package: "some/server", Args: []string{"-x"}, Greeting: regexp.MustCompile(`listens at (\S+)`),
	}, Cores{})
}

func TestStart_waitsForTheGreeting(t *testing.T) {
	server, err := start(t, "A word before.\nlistens at 127.0.0.1:8080")
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:8080", server.Address)
	assert.Positive(t, server.Pid())
	used := server.Stop()
	assert.Positive(t, used)
	assert.Equal(t, used, server.Stop(), "a second Stop tells the same")
}

func TestStart_saysWhatAServerSaidThatDidNotStart(t *testing.T) {
	_, err := start(t, "fails")
	assert.EqualError(t, err, "the server did not start: fails [-addr 127.0.0.1:0 -x]")
}

func TestBuild_saysWhatTheCompilerSaid(t *testing.T) {
	err := Build(t.Context(), t.TempDir(), "step02-http/nothing")
	assert.ErrorContains(t, err, "building the servers: ")
	assert.ErrorContains(t, err, "step02-http/nothing")
}
