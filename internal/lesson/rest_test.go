package lesson

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRest_returnsWhenAllWait(t *testing.T) {
	RunInBubble(t, []Case[struct{}]{{Name: "waits", Check: func(t T, _ struct{}) {
		wait, steps := make(chan int), 0
		go func() {
			for range 1000 {
				steps++
				runtime.Gosched()
			}
			<-wait
		}()
		Rest(t)
		require.Equal(t, 1000, steps, "Rest has returned before the goroutine waits")
		close(wait)
	}}}, struct{}{})
}

func TestRest_failsWhenOneSpins(t *testing.T) {
	spins := Case[struct{}]{Check: func(t T, _ struct{}) {
		over := make(chan struct{})
		t.Cleanup(func() { close(over) })
		go func() {
			for spinning := true; spinning; {
				select {
				case <-over:
					spinning = false
				default:
				}
			}
		}()
		Rest(t)
	}}
	verdict := JudgeInBubble(t, spins, struct{}{})
	require.Contains(t, verdict.Failure, "keeps the processor busy")
	require.NotContains(t, verdict.Failure, "left behind")
	require.False(t, verdict.TimedOut, "the watchdog had to come")
}
