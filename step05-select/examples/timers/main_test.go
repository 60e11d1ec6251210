package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		show(&out)
		require.Equal(t, `Somebody says 8 lines, with a pause of 90ms before each. The limit is 500ms.
1. time.After in the loop:       heard all
2. time.After before the loop:   heard a part
3. a timer, Reset at each line:  heard all
4. A timer has gone off, nobody has looked, and it is Reset: 0 old times in its channel
5. A ticker of 10ms, nobody has looked for 35ms: 1 tick waits, the others are dropped
`, out.String())
	})
}

// In a bubble time is exact.
func TestLimits_endAtTheirTime(t *testing.T) {
	for _, test := range []struct {
		name   string
		listen func(<-chan string, time.Duration) int
		heard  int
		after  time.Duration
	}{
		{"untilSilent", untilSilent, many, many*pause + limit},
		{"untilDeadline", untilDeadline, int(limit / pause), limit},
		{"untilSilentByReset", untilSilentByReset, many, many*pause + limit},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				lines, over := make(chan string), make(chan struct{})
				go talk(lines, over)
				assert.Equal(t, test.heard, test.listen(lines, limit))
				assert.Equal(t, test.after, time.Since(begun))
				close(over)
			})
		})
	}
}
