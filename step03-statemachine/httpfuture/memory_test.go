package httpfuture

import (
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
	"example.com/async/step03-statemachine/executor"
)

// What an idle connection takes of the heap, without what asyncnet and the kernel need for it. go run
// ./step03-statemachine/compare tells what all of it takes of the machine.
func TestConn_takesHalfAKilobyteWhileIdle(t *testing.T) {
	if testing.Short() {
		t.Skip("collects garbage")
	}
	synctest.Test(t, func(t *testing.T) {
		const conns, most = 10_000, 512 // bytes
		e := newTestEngine(t, &httpd.Server{Handler: httpdtest.Site()})
		clients := make([]fakeConn, conns)
		before := heap()
		for i := range clients {
			clients[i].open = true
			executor.Spawn(e.rt, e.newConn(&clients[i]))
		}
		synctest.Wait()
		require.Equal(t, conns, e.rt.Timers().Len(), "all of them wait")
		each := (heap() - before) / conns
		t.Logf("%d bytes: the conn, its timer, its task", each)
		require.LessOrEqual(t, each, most)
	})
}

// heap returns how much of the heap is in use.
func heap() int {
	runtime.GC()
	runtime.GC() // what a sync.Pool has kept is gone only after the second
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}
