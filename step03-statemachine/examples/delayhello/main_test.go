package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		show(&out)
		require.Equal(t, `The state machine:
      says: wait for it
   poll: Start -> Waiting, ready false
   nothing to poll: 0 tasks in the queue, 1 timer set
   10ms have passed: 1 task in the queue
      says: hello
   poll: Waiting -> Done, ready true
   done: true
The goroutine:
      says: wait for it
      says: hello
While it waits, the machine takes SIZE bytes; a goroutine's stack has 2048 at least.
`, sizeOut(out.String()))
	})
}

// sizeOut hides the size, which is half on a processor of 32 bits.
func sizeOut(text string) string {
	return strings.NewReplacer("takes 32 bytes", "takes SIZE bytes", "takes 16 bytes", "takes SIZE bytes").Replace(text)
}
