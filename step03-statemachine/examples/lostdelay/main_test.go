package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var out strings.Builder
		show(&out)
		require.Equal(t, `A delay of 10ms has not ended after 500ms.
It was polled 1 time, too early, and said: pending. BlockOn sleeps until the waker is called.
Nobody will: the Delay has not kept the waker, so nobody knows it.
Now the waker is called by hand.
It was polled 2 times, and has ended: the time was over long ago.
`, out.String())
		require.Equal(t, patience, time.Since(begun))
	})
}
