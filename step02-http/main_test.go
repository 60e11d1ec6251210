package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/program/programtest"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	os.Exit(m.Run())
}

func TestMain_saysInOneLineWhatIsWrong(t *testing.T) {
	taken := programtest.TakenAddress(t)
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "-addr " + taken, Says: taken + " is in use by another program: stop that program", Status: 1},
		{Args: "-root " + filepath.Join(t.TempDir(), "none"), Says: "-root: ", Status: 1},
		{Args: "-max-conns many", Says: `invalid value "many" for flag -max-conns`},
		{Args: "8080", Says: `unexpected argument "8080"`},
	})
}

func TestMain_servesUntilItIsInterrupted(t *testing.T) {
	server := programtest.Start(t, "-addr", "127.0.0.1:0")
	response, err := http.Get(server.Address(t, "HTTP server on "))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	response.Body.Close()
	server.StopsInGoodOrder(t) // though net/http keeps its connection open
}
