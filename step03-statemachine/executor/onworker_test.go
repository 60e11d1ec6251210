package executor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
)

func TestOnWorker_findsTheWorkerUnderAnyDepthOfCalls(t *testing.T) {
	rt := New(Config{})
	defer rt.Shutdown()
	for depth := range 300 {
		found, err := Spawn(rt, future.Func[bool](func(*future.Context) (bool, bool) {
			return below(depth, onWorker), true
		})).Wait()
		require.NoError(t, err)
		require.True(t, found, "%d calls below the poll", depth)
		require.False(t, below(depth, onWorker), "%d calls below a test", depth)
	}
	outside := make(chan bool)
	go func() { outside <- onWorker() }()
	require.False(t, <-outside)
}

//go:noinline
func below(depth int, f func() bool) bool {
	if depth == 0 {
		return f()
	}
	return below(depth-1, f)
}

func BenchmarkOnWorker(b *testing.B) {
	for range b.N {
		onWorker()
	}
}
