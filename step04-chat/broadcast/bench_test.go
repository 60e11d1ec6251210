package broadcast_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"example.com/async/step04-chat/broadcast"
)

// The designs that BenchmarkSendRecv and BenchmarkWaiting compare. Each of them beside package
// broadcast is here as small as it can be: no lag, no end, no counts; broadcast has all of that.
var designs = []struct {
	name string
	make func(capacity, receivers int) (send func(int), recvs []recvFunc)
}{
	{"broadcast", newBroadcast},
	{"notify", newNotify},
	{"cond", newCond},
	{"channels", newChannels},
}

// A recvFunc receives the next value, waiting for it.
type recvFunc func() int

var receiverCounts = []int{1, 10, 100, 1000}

// BenchmarkSendRecv is a Send and one Recv by each receiver, all on one goroutine: nobody waits.
// An operation is the delivery of one value to one receiver.
func BenchmarkSendRecv(b *testing.B) {
	for _, design := range designs {
		for _, n := range receiverCounts {
			b.Run(fmt.Sprintf("%s/receivers=%d", design.name, n), func(b *testing.B) {
				send, recvs := design.make(16, n)
				b.ReportAllocs()
				for i := 0; i < b.N; i += n {
					send(i)
					for _, recv := range recvs {
						recv()
					}
				}
			})
		}
	}
}

// BenchmarkWaiting has a goroutine for each receiver. The sender sends a burst of values and waits until all have
// received it: so with bursts of 1, each Send wakes everybody. An operation is the delivery of one value to one receiver.
func BenchmarkWaiting(b *testing.B) {
	for _, burst := range []int{1, 64} {
		for _, design := range designs {
			for _, n := range receiverCounts {
				b.Run(fmt.Sprintf("burst=%d/%s/receivers=%d", burst, design.name, n), func(b *testing.B) {
					send, recvs := design.make(64, n)
					rounds := (b.N + n*burst - 1) / (n * burst)
					var round, all sync.WaitGroup
					for _, recv := range recvs {
						all.Go(func() {
							for range rounds {
								for range burst {
									recv()
								}
								round.Done()
							}
						})
					}
					b.ReportAllocs()
					for range rounds {
						round.Add(n)
						for i := range burst {
							send(i)
						}
						round.Wait()
					}
					all.Wait()
				})
			}
		}
	}
}

func newBroadcast(capacity, receivers int) (func(int), []recvFunc) {
	sender, first := broadcast.New[int](capacity)
	all := []*broadcast.Receiver[int]{first}
	for len(all) < receivers {
		all = append(all, sender.Subscribe())
	}
	ctx := context.Background()
	recvs := make([]recvFunc, receivers)
	for i, r := range all {
		recvs[i] = func() int {
			v, err := r.Recv(ctx)
			if err != nil {
				panic(err)
			}
			return v
		}
	}
	return func(v int) { sender.Send(v) }, recvs
}

// newNotify is the ring of package broadcast, with the other way of waiting: a channel per receiver that is used
// again and again, and a list of those who wait.
func newNotify(capacity, receivers int) (func(int), []recvFunc) {
	var (
		mu             sync.Mutex
		values         = make([]int, capacity)
		unseen         = make([]int, capacity)
		tail           int
		waiting, spare []chan struct{} // two lists in turn: a Send makes none
	)
	send := func(v int) {
		mu.Lock()
		values[tail%capacity], unseen[tail%capacity] = v, receivers
		tail++
		woken := waiting
		waiting, spare = spare[:0], nil
		mu.Unlock()
		for _, w := range woken {
			w <- struct{}{}
		}
		mu.Lock()
		spare = woken[:0]
		mu.Unlock()
	}
	recvs := make([]recvFunc, receivers)
	for i := range recvs {
		next, notify := 0, make(chan struct{}, 1)
		ctx := context.Background()
		recvs[i] = func() int {
			mu.Lock()
			for next == tail {
				waiting = append(waiting, notify)
				mu.Unlock()
				select {
				case <-notify:
				case <-ctx.Done():
				}
				mu.Lock()
			}
			v := values[next%capacity]
			if unseen[next%capacity]--; unseen[next%capacity] == 0 {
				values[next%capacity] = 0
			}
			next++
			mu.Unlock()
			return v
		}
	}
	return send, recvs
}

// newCond is the ring with a sync.Cond: no select statement, and no giving up.
func newCond(capacity, receivers int) (func(int), []recvFunc) {
	var (
		mu     sync.Mutex
		sent   = sync.NewCond(&mu)
		values = make([]int, capacity)
		unseen = make([]int, capacity)
		tail   int
	)
	send := func(v int) {
		mu.Lock()
		values[tail%capacity], unseen[tail%capacity] = v, receivers
		tail++
		mu.Unlock()
		sent.Broadcast()
	}
	recvs := make([]recvFunc, receivers)
	for i := range recvs {
		next := 0
		recvs[i] = func() int {
			mu.Lock()
			for next == tail {
				sent.Wait()
			}
			v := values[next%capacity]
			if unseen[next%capacity]--; unseen[next%capacity] == 0 {
				values[next%capacity] = 0
			}
			next++
			mu.Unlock()
			return v
		}
	}
	return send, recvs
}

// newChannels is a Go channel for each receiver: what is sent is copied into all of them, under a lock, for
// receivers come and go.
func newChannels(capacity, receivers int) (func(int), []recvFunc) {
	var mu sync.Mutex
	queues := make([]chan int, receivers)
	recvs := make([]recvFunc, receivers)
	ctx := context.Background()
	for i := range queues {
		queues[i] = make(chan int, capacity)
		recvs[i] = func() (v int) {
			select {
			case v = <-queues[i]:
			case <-ctx.Done():
			}
			return v
		}
	}
	send := func(v int) {
		mu.Lock()
		defer mu.Unlock()
		for _, queue := range queues {
			select {
			case queue <- v:
			default: // full: this receiver misses it, and isn't told
			}
		}
	}
	return send, recvs
}
