package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. Three tasks that yield take turns: first in, first out.
   queue [a b c]     polls the first; then [b c a]
   queue [b c a]     polls the first; then [c a]
   queue [c a]       polls the first; then [a c]
   queue [a c]       polls the first; then [c a]
   queue [c a]       polls the first; then [a]
   queue [a]         polls the first; then []
   a: 3, <nil>
   b: 1, <nil>
   c: 2, <nil>
2. A task that waits is in no queue. Woken a thousand times, it is there once.
   queue [d]         polls the first; then []
   queue [d]         polls the first; then []
   polls of d: 2, one for Spawn and one for all the wakes
3. To abort it is to queue it: a worker cancels it, nobody polls it again.
   queue [d]         polls the first; then []
   d: 0, executor: task cancelled
   woken after its end: queue []
4. A panic ends one task, and is the result for who waits for that one: g.
   queue [e f]       polls the first; then [f g]
   queue [f g]       polls the first; then [g]
   e: 0, executor: task panicked: oh
   queue [g]         polls the first; then []
   f: 1, <nil>
`, out.String())
}
