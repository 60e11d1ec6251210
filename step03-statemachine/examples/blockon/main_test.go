package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. Ready at once. BlockOn doesn't sleep:
   poll 1: ready
   BlockOn returns 1
2. Another goroutine wakes it, later. BlockOn sleeps until then:
   poll 1: pending
   poll 2: ready
   BlockOn returns 2
3. Woken three times before the poll has returned: the token is kept, and leads to one more poll:
   poll 1: pending
   poll 2: pending
      the three wakes were one, so the next one has to come from elsewhere
   poll 3: ready
   BlockOn returns 3
4. BlockOn in a poll of BlockOn: while the inner one sleeps, the outer one cannot go on:
   poll 1: pending
   poll 1: pending
   poll 2: ready
   poll 2: ready
   BlockOn returns 2
`, out.String())
}
