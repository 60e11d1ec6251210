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
	require.Equal(t, `1. Two cases, both ready in each of 10000 rounds:
   the first in the source  between 45 and 55 % of the rounds
   the second               between 45 and 55 % of the rounds
2. A loop that is told to stop while 3 messages wait, 10000 times. One is still handled in
   stop stands first        between 45 and 55 % of the rounds
   stop is looked for first none
`, out.String())
}

func TestShare_isNotAlwaysTheSame(t *testing.T) {
	assert.Equal(t, "60.0 % of the rounds", share(rounds*6/10))
	assert.Equal(t, "100.0 % of the rounds", share(rounds))
}

// Both loops handle what comes, and wait while nothing does.
func TestLoops_handleAllUntilTheStop(t *testing.T) {
	for name, loop := range map[string]func(<-chan int, <-chan struct{}) int{"handle": handle, "handleFirst": handleFirst} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				messages, stop, handled := make(chan int), make(chan struct{}), make(chan int, 1)
				go func() { handled <- loop(messages, stop) }()
				for i := range 5 {
					messages <- i
				}
				synctest.Wait()
				assert.Empty(t, handled)
				close(stop)
				assert.Equal(t, 5, <-handled)
			})
		})
	}
}
