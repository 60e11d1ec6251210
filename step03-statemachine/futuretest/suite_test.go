package futuretest

import (
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// Package future's own pass, and also when somebody polls three times instead of once.

func TestJoin(t *testing.T) {
	lesson.Run(t, joinCases, future.Join)
	t.Run("polled three times", func(t *testing.T) {
		lesson.Run(t, joinCases, func(a future.Future[int], b future.Future[string]) future.Future[future.Pair[int, string]] {
			return PollThree(future.Join(a, b))
		})
	})
}

func TestSelect(t *testing.T) {
	lesson.Run(t, SelectCases(), future.Select)
	t.Run("polled three times", func(t *testing.T) {
		lesson.Run(t, SelectCases(), func(a future.Future[int], b future.Future[string]) future.Future[future.Either[int, string]] {
			return PollThree(future.Select(a, b))
		})
	})
}

func TestSelectBiased(t *testing.T) {
	lesson.Run(t, SelectBiasedCases(), future.SelectBiased)
}

func TestTimeout(t *testing.T) {
	lesson.Run(t, timeoutCases, future.Timeout)
	t.Run("polled three times", func(t *testing.T) {
		lesson.Run(t, timeoutCases, func(f future.Future[int], clock future.Future[struct{}]) future.Future[future.Result[int]] {
			return PollThree(future.Timeout(f, clock))
		})
	})
}

func TestSet(t *testing.T) {
	lesson.Run(t, setCases, func() Set { return new(future.Set[int]) })
}

func TestDelay(t *testing.T) {
	lesson.RunInBubble(t, delayCases, OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
		return newDelay(clock, length)
	}))
	t.Run("polled three times", func(t *testing.T) {
		lesson.Run(t, delayCases, OnClock(func(clock *Clock, length time.Duration) future.Future[struct{}] {
			return PollThree(newDelay(clock, length))
		}))
	})
}
