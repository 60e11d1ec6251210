package pictures

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step03-statemachine/trace"
)

var update = flag.Bool("update", false, "draw the pictures anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// compare compares the picture of the events with the one in docs.
func compare(t *testing.T, name string, events *trace.Trace) {
	t.Helper()
	var picture, text bytes.Buffer
	require.NoError(t, events.WriteSVG(&picture))
	require.NoError(t, events.WriteText(&text))
	path := filepath.Join("..", "..", "..", "docs", name)
	if *update {
		require.NoError(t, os.WriteFile(path, picture.Bytes(), 0o644))
	}
	committed, err := os.ReadFile(path)
	require.NoError(t, err, "go generate draws it")
	require.Equal(t, strings.ReplaceAll(string(committed), "\r\n", "\n"), picture.String(),
		"%s is not the picture of this run any more; go generate draws it anew. The run:\n%s", name, &text)
}
