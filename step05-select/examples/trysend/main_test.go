package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. Five values for a channel with room for two, and nobody receives:
   try to send 1: true
   try to send 2: true
   try to send 3: false
   try to send 4: false
   try to send 5: false
   The newest are lost, the oldest are kept.
2. Try to receive:
   value 1
   value 2
   nothing yet
   closed
3. A mailbox gets three letters while its receiver is busy. The signal has no room:
   letters: 3, signalled: false, signalled again: false
   The receiver will sleep, with three letters in the box.
4. The signal has room for one:
   letters: 3, signalled: true, signalled again: false
   One signal speaks for all three, since the letters are not in it.
`, out.String())
}

// An unbuffered channel takes a value only while somebody waits for it.
func TestTrySend_findsWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := make(chan int)
		assert.False(t, trySend(c, 1))
		received := make(chan int, 1)
		go func() { received <- <-c }()
		synctest.Wait()
		assert.True(t, trySend(c, 2))
		assert.Equal(t, 2, <-received)
	})
}
