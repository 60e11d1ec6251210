package broadcast

import (
	"fmt"
	"math"
	"math/bits"
	"sort"
	"sync"
)

// New makes a broadcast channel and returns its first Sender and its first Receiver.
//
// The channel holds the last capacity values, rounded up to a power of two: with 100, a
// receiver can be 128 values behind before it misses one. The memory for them is taken now. New panics if
// capacity is less than 1, or more than half of the largest int.
//
// Whoever has a Sender or a Receiver closes it. A Sender that isn't closed keeps the receivers
// waiting; a Receiver that isn't closed keeps up to capacity values alive.
//
// It mirrors tokio::sync::broadcast::channel.
func New[T any](capacity int) (*Sender[T], *Receiver[T]) {
	if capacity < 1 || capacity > math.MaxInt/2 {
		panic(fmt.Sprintf("broadcast: a capacity of %d", capacity))
	}
	size := 1 << bits.Len(uint(capacity-1))
	c := &channel[T]{slots: make([]slot[T], size), senders: 1}
	return &Sender[T]{channel: c}, c.subscribe()
}

// A channel is what its Senders and Receivers share.
//
// Values are numbered in the order of their Sends, from 0. The ring holds the last len(slots) of
// them, number n in slots[n%len(slots)]. A Receiver is the number of the value that it sees next.
type channel[T any] struct {
	mu        sync.Mutex // guards all below, and the fields of the Senders and Receivers
	slots     []slot[T]
	tail      uint64 // how many were sent: the number of the next one
	senders   int    // how many are not closed; with none left the channel has ended
	receivers int    // how many are not closed

	// What somebody waits for; nil while nobody does. See wait.go.
	sent     chan struct{}
	deserted chan struct{}
}

// A slot holds a value until everybody has seen it.
type slot[T any] struct {
	value  T
	unseen int // how many receivers still have to see it
}

// The methods of channel are called with mu held.

// at returns the slot of value number n.
func (c *channel[T]) at(n uint64) *slot[T] {
	return &c.slots[n&uint64(len(c.slots)-1)] // the size is a power of two, so this is n%size
}

// oldest is the number of the oldest value that was not overwritten.
func (c *channel[T]) oldest() uint64 {
	if size := uint64(len(c.slots)); c.tail > size {
		return c.tail - size
	}
	return 0
}

// see returns value number n for one receiver. After the last one the ring forgets it: it
// may be large, and the next Send to this slot may never come.
func (c *channel[T]) see(n uint64) T {
	s := c.at(n)
	value := s.value
	s.unseen--
	if s.unseen == 0 {
		var none T
		s.value = none
	}
	return value
}

// unseen counts the values that a receiver still has to see. If it has to see one, it has to see
// all that came after it, so the unseen ones are the newest.
func (c *channel[T]) unseen() int {
	oldest := c.oldest()
	held := int(c.tail - oldest)
	return held - sort.Search(held, func(i int) bool { return c.at(oldest+uint64(i)).unseen > 0 })
}

// subscribe adds a receiver that sees what is sent from now on.
func (c *channel[T]) subscribe() *Receiver[T] {
	c.receivers++
	return &Receiver[T]{channel: c, next: c.tail}
}
