package memnet

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mustWrite writes s whole.
func mustWrite(t *testing.T, conn *Conn, s string) {
	t.Helper()
	n, err := conn.Write([]byte(s))
	require.NoError(t, err)
	require.Equal(t, len(s), n)
}

// mustRead reads once, and expects to get exactly want.
func mustRead(t *testing.T, conn *Conn, want string) {
	t.Helper()
	buffer := make([]byte, len(want)+100)
	n, err := conn.Read(buffer)
	require.NoError(t, err)
	require.Equal(t, want, string(buffer[:n]))
}

// readErr reads once, and returns the error.
func readErr(conn *Conn) error {
	_, err := conn.Read(make([]byte, 1))
	return err
}

// writeErr writes a byte, and returns the error.
func writeErr(conn *Conn) error {
	_, err := conn.Write([]byte("x"))
	return err
}

// inBackground calls f on a goroutine; the channel has its error when it is done.
func inBackground(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

// requireWaiting expects that nothing has come out of done. The caller has
// called synctest.Wait.
func requireWaiting(t *testing.T, done <-chan error, what string) {
	t.Helper()
	select {
	case err := <-done:
		require.Failf(t, what+" should wait", "but it returned with error %v", err)
	default:
	}
}
