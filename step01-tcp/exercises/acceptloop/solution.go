//go:build solution

package acceptloop

import (
	"context"
	"log"
	"net"
	"sync"

	"example.com/async/step01-tcp/tcp"
)

func Serve(ctx context.Context, listener net.Listener, handler tcp.Handler) error {
	defer context.AfterFunc(ctx, func() { listener.Close() })()

	var handlers sync.WaitGroup
	defer handlers.Wait()
	for {
		conn, err := listener.Accept()
		if ctx.Err() != nil {
			if err == nil {
				conn.Close()
			}
			return nil
		}
		if err != nil {
			return err
		}
		handlers.Go(func() {
			defer conn.Close()
			defer func() {
				if cause := recover(); cause != nil {
					log.Printf("%v: panic: %v", conn.RemoteAddr(), cause)
				}
			}()
			handler.ServeTCP(ctx, conn)
		})
	}
}
