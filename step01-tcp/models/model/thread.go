package model

import (
	"context"
	"net"
	"runtime"
	"sync"

	"example.com/async/step01-tcp/tcp"
)

// ThreadEach serves each connection on an operating system thread that does
// nothing else as long as the connection lasts, as servers of the 1990s did.
//
// Go has no function that starts a thread. But a goroutine that is locked to its
// thread keeps every other goroutine off it, so the connection costs a thread with
// its stacks, in the process and in the kernel. One thing differs from such a server in C:
// there the thread waits in read(2). Here Go's netpoller waits for the
// connection's bytes, the goroutine is parked, and its thread sits idle until then.
//
// A Go program ends itself when it needs more than 10,000 threads:
// see [runtime/debug.SetMaxThreads].
//
// ThreadEach blocks until ctx ends and every handler has returned, and then
// returns nil; or an error of Accept, after the same wait. It closes the listener.
func ThreadEach(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
	var running sync.WaitGroup
	defer running.Wait()
	return acceptEach(ctx, listener, func(conn net.Conn) {
		running.Go(func() {
			// Never unlocked: when a locked goroutine ends, its thread ends with it.
			// An unlocked one would go to the runtime's idle threads, and stay.
			runtime.LockOSThread()
			defer conn.Close()
			_ = handler.ServeTCP(ctx, conn)
		})
	})
}
