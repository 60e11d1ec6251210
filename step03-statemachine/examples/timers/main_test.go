package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. Four Sleeps. Each that comes to be the first wakes the driver:
   the driver may sleep for as long as it likes
   a sleeps for 3s
   (the driver is woken: else it would sleep for too long)
   b sleeps for 5s
   c sleeps for 1s
   (the driver is woken: else it would sleep for too long)
   d sleeps for 3s
   the driver may sleep for 1s; 4 deadlines
2. c is cancelled. It leaves the heap now, not when its time is over:
   the driver may sleep for 3s; 3 deadlines
3. One nanosecond too early nobody is woken:
   2.999999999s pass
4. In time. Equal deadlines come in the order in which they were registered:
   1ns pass
   wake a
   wake d
   the driver may sleep for 2s; 1 deadlines
5. Nobody looks for an hour. Late, but not lost:
   1h0m0s pass
   wake b
   the driver may sleep for as long as it likes
`, out.String())
}
