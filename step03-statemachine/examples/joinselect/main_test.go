package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. Join of a (1 s) and b (2 s): both values. a is not polled again when it is ready.
      a is polled: ready false
      b is polled: ready false
   1s:
      b is polled: ready false
      a is polled: ready true
   2s:
      b is polled: ready true
   value: {First:a Second:b}; timers left: 0
2. Select of a (1 s) and b (2 s): the first value. The loser is cancelled, its timer is gone.
      a is polled: ready false
      b is polled: ready false
   1s:
      a is polled: ready true
      b is cancelled
   value: {First:a Second: IsSecond:false}; timers left: 0
3. Timeout of 1 s for b, which takes 2 s.
      b is polled: ready false
   1s:
      b is polled: ready false
      b is cancelled
   value: {Value: Err:future: timeout}; timers left: 0
4. Timeout of 1 s for a, which takes 1 s as well: a value that is there beats the clock.
      a is polled: ready false
   1s:
      a is polled: ready true
   value: {Value:a Err:<nil>}; timers left: 0
5. A Set of a (1 s), b (2 s) and c (1 s). Only who was woken is polled.
      a is polled: ready false
      b is polled: ready false
      c is polled: ready false
   1s:
      a is polled: ready true
      c is polled: ready true
   2s:
      b is polled: ready true
   value: [a c b]; timers left: 0
`, out.String())
}
