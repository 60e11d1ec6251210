package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. a gives two values and is closed. b gives one, is silent, and gives another at the end.
   a closed channel is set to nil: 4 values, 2 rounds that brought nothing
   it is not: 3 values, 1000 rounds that brought nothing, and then it gave up
2. A queue with room for 3. Nobody receives yet:
   it has taken 3 values
   received: 0 1 2 3
`, out.String())
}

func TestQueue_refusesWhatItHasNoRoomFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := make(chan int), make(chan int)
		go queue(in, out)
		taken := 0
		go func() {
			defer close(in)
			for v := range 10 {
				in <- v
				taken++
			}
		}()
		synctest.Wait()
		assert.Equal(t, room, taken)
		<-out
		synctest.Wait()
		assert.Equal(t, room+1, taken)
		for range out {
		}
		assert.Equal(t, 10, taken)
	})
}
