package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. A Sleep is made. It does nothing before its first poll:
   timers set: 0
2. It is polled by one task, then by another, as if it had moved; and once more for nothing:
   poll with A: ready false, timers set: 1
   poll with B: ready false, timers set: 1
   poll with B: ready false, timers set: 1
3. Half of the time is over, and then all of it. Only the last waker is called, once:
   500ms pass; wakers to call: 0
   500ms pass; wakers to call: 1
   waker B is called
4. The wake has said: polling is worth while. The value comes from the poll:
   poll with B: ready true, timers set: 0
5. Another one is cancelled in time. Its waker is forgotten:
   poll with A: ready false, timers set: 1
   1s pass; wakers to call: 0
`, out.String())
}
