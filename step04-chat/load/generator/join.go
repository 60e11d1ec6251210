package generator

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

const (
	// mostDialing is how many connections are opened at the same time. More could
	// overflow the server's backlog, and the kernel tries again only after a second.
	mostDialing = 100
	// helloPause is between two hellos, joinLimit how long all may take to enter the room.
	helloPause = 50 * time.Millisecond
	joinLimit  = 30 * time.Second
)

// Join opens all connections, and waits until each client is in the room: a connection that is open says little, since
// the server may not have accepted it. So somebody says hello, again and again, until everybody has heard it.
//
// The caller calls Leave. When ctx ends, Join returns its error, and a run that was started gives up.
func Join(ctx context.Context, load Load) (*Run, error) { return join(ctx, load, 0) }

// join is Join with some more who never read.
func join(ctx context.Context, load Load, stalled int) (*Run, error) {
	if err := load.Check(); err != nil {
		return nil, err
	}
	began := time.Now()
	r := &Run{
		load:    load,
		ctx:     ctx,
		wire:    newWire(uint16(rand.Uint32()), load.Size),
		books:   newLedger(load),
		watched: make(chan bool, 1),
		stopped: make(chan struct{}),
	}
	conns, err := dial(ctx, load.Dial, load.Clients+stalled)
	if err != nil {
		return nil, err
	}
	r.stalled = conns[load.Clients:]
	for i, conn := range conns[:load.Clients] {
		c := &client{run: r, number: i, conn: conn}
		r.clients = append(r.clients, c)
		r.readers.Go(c.receive)
	}
	if err := r.greet(ctx); err != nil {
		r.Leave()
		return nil, err
	}
	r.Seated = time.Since(began)
	return r, nil
}

// greet says hello until all have heard it. Nobody hears himself, so two do it.
func (r *Run) greet(ctx context.Context) error {
	limit := time.NewTimer(joinLimit)
	defer limit.Stop()
	for {
		for _, c := range r.clients[:2] {
			c.conn.SetWriteDeadline(time.Now().Add(joinLimit))
			if _, err := c.conn.Write(r.wire.hello()); err != nil {
				return fmt.Errorf("nobody could say hello: %w", err)
			}
		}
		again := time.NewTimer(helloPause)
		select {
		case <-r.books.seated:
			again.Stop()
			for _, c := range r.clients[:2] {
				c.conn.SetWriteDeadline(time.Time{})
			}
			return nil
		case <-ctx.Done():
			again.Stop()
			return ctx.Err()
		case <-limit.C:
			again.Stop()
			return fmt.Errorf("after %v, %s", joinLimit, r.whoIsMissing())
		case <-again.C:
		}
	}
}

func (r *Run) whoIsMissing() string {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	return fmt.Sprintf("%d of %d clients have not heard anybody, and %d have lost their connection: "+
		"is it a chat that passes lines on as \"[who] text\"?", b.unseated, len(b.receivers), len(b.receivers)-b.present)
}

// dial opens n connections, or none.
func dial(ctx context.Context, open func(context.Context) (net.Conn, error), n int) ([]net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, joinLimit)
	defer cancel()
	conns := make([]net.Conn, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	slots := make(chan struct{}, mostDialing)
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if conns[i], errs[i] = open(ctx); errs[i] != nil {
				cancel() // the others need not be opened
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err == nil || errors.Is(err, context.Canceled) {
			continue
		}
		closeAll(conns)
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		closeAll(conns)
		return nil, err
	}
	return conns, nil
}

func closeAll(conns []net.Conn) {
	for _, conn := range conns {
		if conn != nil {
			conn.Close()
		}
	}
}
