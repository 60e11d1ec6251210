package broadcasttest

import (
	"context"
	"runtime"

	"example.com/async/step04-chat/broadcast"
)

type plainReceiver struct {
	*plain
	next   int
	missed int // in all
	closed bool
}

func (r *plainReceiver) TryRecv() (any, error) {
	if r.faults.tryWaits {
		return r.Recv(context.Background())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.take()
}

func (r *plainReceiver) take() (any, error) {
	p, f := r.plain, r.faults
	if f.onePosition {
		for other := range p.receivers {
			r.next = max(r.next, other.next)
		}
	}
	switch {
	case r.closed && !f.closedReceives, p.ended && f.endFirst:
		return nil, broadcast.ErrClosed
	case r.next < p.oldest():
		return r.lag(p.oldest() - r.next)
	case f.tellsEverybody && p.slowest() < p.oldest():
		return r.lag(1)
	case r.next < p.tail:
		v := p.values[r.next]
		r.next++
		p.forget()
		p.announce(&p.taken)
		return v, nil
	case p.ended:
		return nil, broadcast.ErrClosed
	}
	return nil, broadcast.ErrEmpty
}

func (r *plainReceiver) lag(missed int) (any, error) {
	p, f := r.plain, r.faults
	r.missed += missed
	switch {
	case f.lagPlusOne:
		missed++
	case f.lagInAll:
		missed = r.missed
	case f.lagSilent:
		r.next = p.oldest()
		return r.take()
	case f.lagUnlocked: // what is overwritten while nobody looks is in no count
		p.mu.Unlock()
		runtime.Gosched()
		p.mu.Lock()
	}
	r.next = max(r.next, p.oldest())
	switch {
	case f.lagToNewest:
		r.next = p.tail - 1
	case f.lagToEnd:
		r.next = p.tail
	}
	return nil, &broadcast.LaggedError{Missed: uint64(missed)}
}

func (r *plainReceiver) Recv(ctx context.Context) (any, error) {
	if r.faults.helper {
		got := make(chan result, 1)
		go func() {
			v, err := r.recv(context.Background())
			got <- result{v, err}
		}()
		select {
		case result := <-got:
			return result.Value, result.Err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return r.recv(ctx)
}

func (r *plainReceiver) recv(ctx context.Context) (any, error) {
	p, f := r.plain, r.faults
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if ctx.Err() != nil && !f.ignoresContext && !f.valuesFirst {
			return nil, ctx.Err()
		}
		if v, err := r.take(); err != broadcast.ErrEmpty && !f.waitsFirst {
			return v, err
		}
		if ctx.Err() != nil && f.valuesFirst {
			return nil, ctx.Err()
		}
		if f.looksThenWaits { // and a Send that comes here wakes nobody
			p.mu.Unlock()
			runtime.Gosched()
			p.mu.Lock()
		}
		sent, done := p.sent, ctx.Done()
		if f.ignoresContext {
			done = nil
		}
		p.mu.Unlock()
		select {
		case <-sent:
		case <-done:
		}
		p.mu.Lock()
		if f.wakesOnce || f.waitsFirst {
			return r.take()
		}
		if f.takesThenAsks {
			if v, err := r.take(); err != broadcast.ErrEmpty && ctx.Err() == nil {
				return v, err
			}
		}
	}
}

func (r *plainReceiver) Ready() <-chan struct{} {
	p, f := r.plain, r.faults
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case f.alwaysReady, !f.readyUnarmed && (r.closed || r.next < p.tail || p.ended):
		return closedChannel()
	case f.readyForgets:
		return make(chan struct{})
	}
	return p.sent
}

func (r *plainReceiver) Resubscribe() Receiver {
	p := r.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.resubscribeCopies {
		return p.subscribe(r.next)
	}
	other := p.subscribe(p.tail)
	if p.faults.resubscribeUncounted {
		p.count--
	}
	return other
}

func (r *plainReceiver) Len() int {
	p := r.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case r.closed:
		return 0
	case p.faults.cappedLen:
		return min(p.size, p.tail-r.next)
	}
	return p.tail - r.next
}

func (r *plainReceiver) Close() {
	p := r.plain
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.closed {
		return
	}
	r.closed = true
	if !p.faults.keepsUnreceived {
		delete(p.receivers, r)
	}
	count := p.count
	if p.faults.countsUnlocked {
		p.mu.Unlock()
		runtime.Gosched()
		p.mu.Lock()
	}
	p.count = count - 1
	p.forget()
	if !p.faults.closeWakesNobody {
		p.announce(&p.sent)
	}
	if p.count == 0 || p.faults.anyReceiverDeserts {
		p.announce(&p.deserted)
	}
}
