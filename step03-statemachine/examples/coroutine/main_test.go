package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestShow_saysTheSameThreeTimesAndUnwindsTheFourth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		begun := time.Now()
		show(&out)
		require.Equal(t, 3, strings.Count(out.String(), ":\n     wait for it\n     hello\n"), out.String())
		require.Contains(t, out.String(), "     the deferred function runs, though nothing has come\n     executor: ")
		require.NotContains(t, out.String(), "never said")
		require.Contains(t, out.String(), "timers that are left: 0")
		require.Equal(t, 3*delay, time.Since(begun), "the fourth does not wait for its hour")
	})
}
