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
	require.Equal(t, `1. A channel is closed while a value is in it. That one comes first; then zero values, for ever:
   received: 7, true
   received: 0, false
   received: 0, false
2. 5 goroutines wait for the same channel.
   one send: 1 of them is woken, by a value: true
   one close: the other 4 are woken
3. For those who send it is the end:
   a send: panic: send on closed channel
   a send in a select with a default: panic: send on closed channel
   a second close: panic: close of closed channel
   for comparison, a select with a default, on an open channel from which nobody receives: nothing happens
`, out.String())
}

func TestWaiters_areWokenOneByASendAndAllByAClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signal := make(chan struct{})
		woken := waiters(signal)
		count := func() (n int) {
			for {
				synctest.Wait()
				select {
				case <-woken:
					n++
				default:
					return n
				}
			}
		}
		assert.Equal(t, 0, count())
		signal <- struct{}{}
		assert.Equal(t, 1, count())
		close(signal)
		assert.Equal(t, many-1, count())
	})
}
