package process

import (
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var allowedCores = regexp.MustCompile(`Cpus_allowed_list:\s*(\S+)`)

// coresOf returns the cores that a process may use, as proc(5) has them.
func coresOf(t *testing.T, status []byte) string {
	found := allowedCores.FindSubmatch(status)
	require.NotNil(t, found, "%s", status)
	return string(found[1])
}

func TestPin_givesServerAndGeneratorACoreEach(t *testing.T) {
	own := func() string {
		status, err := os.ReadFile("/proc/self/status")
		require.NoError(t, err)
		return coresOf(t, status)
	}
	before, threads := own(), runtime.GOMAXPROCS(0)
	cores, unpin := Pin()
	defer unpin()
	if !cores.Pinned() {
		t.Skip("there is only one core")
	}
	command := exec.CommandContext(t.Context(), "cat", "/proc/self/status")
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cores.start(command))
	status, err := io.ReadAll(stdout)
	require.NoError(t, err)
	require.NoError(t, command.Wait())

	assert.Regexp(t, `^\d+$`, coresOf(t, status), "one core")
	assert.Regexp(t, `^\d+$`, own(), "one core")
	assert.NotEqual(t, own(), coresOf(t, status))
	unpin()
	assert.Equal(t, before, own())
	assert.Equal(t, threads, runtime.GOMAXPROCS(0))
}

func TestProcess_tellsItsProcessorTimeAndMemory(t *testing.T) {
	self := os.Getpid()
	before, ok := CPU(self)
	require.True(t, ok)
	for now := before; now == before; now, _ = CPU(self) { // asking takes time of its own
	}
	memory, ok := Resident(self)
	require.True(t, ok)
	assert.Greater(t, memory, int64(1<<20))
}
