package chat_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat"
)

// Each of these members leaves with a message that it has not taken, from the one that left before it. Nothing
// may keep them all: a message knows its sender, and its sender must know no message.
func TestHub_forgetsMembersThatLeaveWithSomethingUntaken(t *testing.T) {
	const guests, size = 200, 64 << 10
	eachHub(t, 4, func(t *testing.T, hub chat.Hub[[]byte]) {
		before := liveMemory()
		last := hub.Join()
		for range guests {
			next := hub.Join()
			last.Send(make([]byte, size))
			last.Leave()
			last = next
		}
		grown := int64(liveMemory() - before)
		runtime.KeepAlive(last)
		require.Less(t, grown, int64(10*size), "%d members came and left; one is there, and with it %d KiB", guests, grown>>10)
	})
}

// liveMemory is how many bytes of heap are in use after a collection.
func liveMemory() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
