package generator

import (
	"context"
	"errors"
	"time"
)

// How much is said to fill the kernel's buffers for who does not read: 8 MB. Linux keeps up to 4 MiB for a connection on the
// sending side (tcp_wmem in tcp(7)), and as much again on the receiving side is rare.
const (
	fillSize   = MaxSize
	fillCount  = 2000
	fillWindow = 16 // small, so that nobody else falls behind
)

// MaxStalled is how many clients Stall can bring.
const MaxStalled = 1000

// Stall brings n clients into the room who never read, and talks, with two more who do, until the kernel
// holds for those n what it can. From then on the server itself has to do something about them. They stay until
// the caller calls Leave.
//
// A server that they bring to a standstill is no error: who measures it then will see.
func Stall(ctx context.Context, l Load, n int) (*Run, error) {
	if n < 1 || n > MaxStalled {
		return nil, errors.New("the number of stalled clients is not between 1 and 1000")
	}
	run, err := join(ctx, Load{
		Dial: l.Dial, Clients: 2, Senders: 1, Window: fillWindow, Size: fillSize, Count: fillCount, Patience: min(l.patience(), time.Second),
	}, n)
	if err != nil {
		return nil, err
	}
	run.Start()
	run.Wait()
	if err := ctx.Err(); err != nil {
		run.Leave()
		return nil, err
	}
	return run, nil
}
