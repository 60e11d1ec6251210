package site

import (
	"flag"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// parsed returns the settings that the arguments give.
func parsed(t *testing.T, args ...string) *Settings {
	t.Helper()
	settings := new(Settings)
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	settings.AddFlags(flags)
	require.NoError(t, flags.Parse(args))
	return settings
}

func TestSettings_areThoseOfTheFlags(t *testing.T) {
	server, err := parsed(t, "-max-conns", "7", "-drain", "2s", "-head", "-1s", "-write", "3s").Server()
	require.NoError(t, err)
	require.Equal(t, 7, server.MaxConns)
	require.Equal(t, 2*time.Second, server.DrainTimeout)
	require.Equal(t, -time.Second, server.Timeouts.Head)
	require.Equal(t, 3*time.Second, server.Timeouts.Write)
	require.Nil(t, server.AccessLog)
}

func TestSettings_serveTheFolderAndNothingBesides(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte("of the folder"), 0o600))
	settings := parsed(t, "-root", folder)
	server, err := settings.Server()
	require.NoError(t, err)
	response := answerOf(t, server.Handler, "GET /files/a.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	require.Equal(t, "of the folder", content(t, response))
	require.Contains(t, settings.Greeting(new(net.TCPAddr)), "/files/NAME, for a file in "+folder)

	_, err = parsed(t, "-root", filepath.Join(folder, "none")).Server()
	require.ErrorContains(t, err, "-root: ")
	require.NotContains(t, parsed(t).Greeting(new(net.TCPAddr)), "/files/")
}
