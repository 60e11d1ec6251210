package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `1. Nothing has come yet:
   poll with first bell: letter "", ready false
2. Nobody has called the waker. Polling again is no error, it is only too early:
   poll with second bell: letter "", ready false
3. The letter comes. The waker of the last poll counts:
   second bell: wake
4. Now polling is worth while:
   poll with second bell: letter "hello", ready true
5. Its value is gone. Whoever polls once more has lost count:
   panic: future: polled after it was ready or cancelled
`, out.String())
}
