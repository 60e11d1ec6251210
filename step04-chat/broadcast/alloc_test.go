package broadcast_test

import (
	"testing"

	"example.com/async/step04-chat/broadcast"
)

// Neither Send nor Recv allocates, whatever the number of receivers, as long as nobody has to wait.
func TestSendAndRecv_dontAllocate(t *testing.T) {
	for _, n := range receiverCounts {
		send, recvs := newBroadcast(16, n)
		allocs := testing.AllocsPerRun(100, func() {
			send(1)
			for _, recv := range recvs {
				recv()
			}
		})
		if allocs != 0 {
			t.Errorf("%d receivers: a Send and a Recv by each: %v allocations", n, allocs)
		}
	}
}

// Whoever waits costs one channel for each Send that wakes somebody, however many wait.
func TestWaiting_costsOneAllocationForAllWhoWait(t *testing.T) {
	sender, first := broadcast.New[int](16)
	receivers := []*broadcast.Receiver[int]{first}
	for len(receivers) < 100 {
		receivers = append(receivers, sender.Subscribe())
	}
	allocs := testing.AllocsPerRun(100, func() {
		for _, r := range receivers {
			r.Ready()
		}
		sender.Send(1)
		for _, r := range receivers {
			r.TryRecv()
		}
	})
	if allocs != 1 {
		t.Errorf("100 receivers wait, are woken and receive: %v allocations", allocs)
	}
}
