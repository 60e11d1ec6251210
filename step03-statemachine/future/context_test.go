package future_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

func TestContext_withoutLimitSpendsForEver(t *testing.T) {
	w := new(futuretest.Waker)
	cx := future.NewContext(w)
	cx.Refund()
	for range 10_000 {
		require.True(t, cx.Spend())
	}
	require.Zero(t, w.Wakes())
}

func TestContext_wakesTheTaskThatHasSpentItsBudget(t *testing.T) {
	w := new(futuretest.Waker)
	cx := future.NewContext(nil)
	cx.Renew(w, 2)
	require.True(t, cx.Spend())
	require.True(t, cx.Spend())
	require.Zero(t, w.Wakes(), "there was enough so far")
	require.False(t, cx.Spend(), "two operations were allowed")
	require.Equal(t, 1, w.Wakes(), "who is refused returns pending: somebody must poll it again")
	cx.Refund()
	require.True(t, cx.Spend(), "one operation was given back")
}

func TestContext_lendsAnotherWakerWithTheSameBudget(t *testing.T) {
	task, member := new(futuretest.Waker), new(futuretest.Waker)
	cx := future.NewContext(nil)
	cx.Renew(task, 1)
	cx.SetWaker(member)
	require.True(t, cx.Spend())
	require.False(t, cx.Spend())
	require.Equal(t, 1, member.Wakes())
	require.Zero(t, task.Wakes())
}
