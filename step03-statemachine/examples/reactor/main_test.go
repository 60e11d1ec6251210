package main

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	for _, reactor := range []string{"epoll", "portable"} {
		t.Run(reactor, func(t *testing.T) {
			if reactor == "epoll" && runtime.GOOS != "linux" {
				t.Skip("epoll is Linux's")
			}
			var out strings.Builder
			require.NoError(t, show(&out, reactor))
			require.Equal(t, `1. Nothing has come. The read returns at once, and keeps the waker:
   read: pending
2. The client sends. The driver, which would sleep otherwise, tells whom to wake:
   the waker of the read was called
3. Now a read is worth while. The next one is pending again:
   read: "hello"
   read: pending
4. The client has finished sending, which makes the socket readable, too:
   the waker of the read was called
   read: the end of the stream
5. The other direction is still open:
   write: 3 bytes, ready true, error <nil>
`, out.String())
		})
	}
}

func TestShow_refusesAReactorThatIsNotThere(t *testing.T) {
	require.ErrorContains(t, show(new(strings.Builder), "magic"), "magic")
}
