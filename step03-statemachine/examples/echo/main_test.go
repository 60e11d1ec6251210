package main

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const clientSays = `The client:
   says "wait for it", hears "wait for it"
   says "hello", hears "hello"
   finishes, and hears 0 bytes more
`

func TestShow_pollsOnceForEachWakeOfEpoll(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("epoll is Linux's")
	}
	var out strings.Builder
	require.NoError(t, show(&out, "epoll"))
	const turn = "   poll\n   poll -> pending\n   io ready\n   woken, source: reactor\n"
	require.Equal(t, clientSays+"The connection's task:\n   spawned\n"+turn+turn+turn+
		"   poll\n   poll -> ready\n   completed\n", out.String())
}

// The goroutines of the portable network wake while the task is polled, and for what is done already: which poll is
// the last that has to wait is a matter of luck.
func TestShow_pollsUntilTheEndOnThePortableNetwork(t *testing.T) {
	var out strings.Builder
	require.NoError(t, show(&out, "portable"))
	events, ok := strings.CutPrefix(out.String(), clientSays+"The connection's task:\n   spawned\n   poll\n")
	require.True(t, ok, out.String())
	require.True(t, strings.HasSuffix(events, "   poll -> ready\n   completed\n"), events)
	require.GreaterOrEqual(t, strings.Count(events, "   woken, source: outside\n"), 3, events)
	require.Equal(t, strings.Count(events, "   poll -> pending\n"), strings.Count(events, "   poll\n"), events)
}

func TestShow_refusesAReactorThatIsNotThere(t *testing.T) {
	require.ErrorContains(t, show(new(strings.Builder), "magic"), "magic")
}
