package futuretest

import (
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A JoinFunc is [future.Join], or stands in for it.
type JoinFunc func(a future.Future[int], b future.Future[string]) future.Future[future.Pair[int, string]]

// JoinCases are the properties of Join.
func JoinCases() []lesson.Case[JoinFunc] { return joinCases }

var joinCases = []lesson.Case[JoinFunc]{
	{
		Name:   "join-lazy",
		Rule:   "Join does nothing before its first Poll",
		Source: "Rust, std::future::Future: futures are inert",
		Hint:   "the constructor only stores what it is given",
		Check: func(t lesson.T, join JoinFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			join(a, b)
			require.Zero(t, a.Polls()+b.Polls(), "Join has polled its children, and nobody has polled Join")
		},
	},
	{
		Name:   "join-side-by-side",
		Rule:   "the first Poll starts both",
		Source: "tokio::join!",
		Hint:   "a is pending: that is no reason to return before b was polled",
		Check: func(t lesson.T, join JoinFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			j, w := join(a, b), new(Waker)
			expectPending(t, j, w, "Join was ready before its children")
			require.NotZero(t, a.Polls(), "a was not polled in Join's first Poll: so it has not begun")
			require.NotZero(t, b.Polls(), "b was not polled in Join's first Poll: Join does one thing after the other, not both side by side")
		},
	},
	{
		Name:   "join-values",
		Rule:   "the values come in the order of the arguments, whoever was ready first",
		Source: "tokio::join!",
		Hint:   "the one that is ready first has to wait for the other: where is its value until then?",
		Check: func(t lesson.T, join JoinFunc) {
			for _, order := range []string{"a first", "b first", "together"} {
				a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
				j, w := join(a, b), new(Waker)
				expectPending(t, j, w, "Join was ready before its children")
				if order == "a first" {
					a.Complete(7)
					expectPending(t, j, w, "only a is ready, and Join says that both are")
				}
				b.Complete("seven")
				if order == "b first" {
					expectPending(t, j, w, "only b is ready, and Join says that both are")
				}
				if order != "a first" {
					a.Complete(7)
				}
				pair := expectReady(t, j, w, "both children are ready, and Join is pending: who will wake it now?")
				require.Equal(t, future.Pair[int, string]{First: 7, Second: "seven"}, pair, "the values of a and b, which were ready in the order: %s", order)
			}
		},
	},
	{
		Name:   "join-at-once",
		Rule:   "children that have nothing to wait for make a Join that is ready at its first Poll",
		Source: "tokio::join!",
		Hint:   "look whether both are ready after you have polled them, not before",
		Check: func(t lesson.T, join JoinFunc) {
			expectReady(t, join(future.Ready(1), future.Ready("one")), new(Waker), "both children were ready in the first Poll, and Join is pending: who will wake it now?")
		},
	},
	{
		Name:   "join-finished",
		Rule:   "a child that is ready is never polled again",
		Source: "future.Future",
		Hint:   "when the slower child wakes the task, both are looked at again; remember which one is finished",
		Check: func(t lesson.T, join JoinFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			j, w := join(a, b), new(Waker)
			a.Complete(1)
			expectPending(t, j, w, "only a is ready, and Join says that both are")
			b.Wake()
			expectPending(t, j, w, "only a is ready, and Join says that both are")
			b.Complete("one")
			expectReady(t, j, w, "both children are ready, and Join is pending")

			a, b = NewProbe[int](t, "a"), NewProbe[string](t, "b")
			j = join(a, b)
			b.Complete("one")
			expectPending(t, j, w, "only b is ready, and Join says that both are")
			a.Wake()
			expectPending(t, j, w, "only b is ready, and Join says that both are")
		},
	},
	{
		Name:   "join-last-waker",
		Rule:   "the children get the waker of the most recent Poll",
		Source: "Rust, std::future::Future::poll",
		Hint:   "give cx itself to the children: a stored one is that of an earlier Poll, perhaps of another task",
		Check: func(t lesson.T, join JoinFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			j := join(a, b)
			expectLastWaker(t, j, a.Wake, "a")
			expectLastWaker(t, j, b.Wake, "b")
		},
	},
	{
		Name:   "join-turns",
		Rule:   "a child that always uses up the budget does not starve the other",
		Source: "tokio::join!, which rotates",
		Hint:   "the budget is the task's, so who is polled first can leave nothing for the other; take turns",
		Check: func(t lesson.T, join JoinFunc) {
			for _, greedy := range []string{"a", "b"} {
				a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
				other := 0
				busy := func(cx *future.Context) { spendAll(cx) }
				work := func(cx *future.Context) {
					if cx.Spend() {
						other++
					}
				}
				a.OnPoll, b.OnPoll = busy, work
				if greedy == "b" {
					a.OnPoll, b.OnPoll = work, busy
				}
				j, w := join(a, b), new(Waker)
				cx := future.NewContext(w)
				for range 10 {
					cx.Renew(w, 4)
					j.Poll(cx)
				}
				require.NotZero(t, other, "%s used up the budget in each of 10 polls, and the other child could do nothing at all", greedy)
			}
		},
	},
	{
		Name:   "join-cancel",
		Rule:   "Cancel cancels the children that are not ready, once each",
		Source: "future.Canceler",
		Hint:   "nobody else knows the children: a timer below would stay in its heap",
		Check: func(t lesson.T, join JoinFunc) {
			for _, finished := range []string{"none", "a", "b"} {
				a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
				j, w := join(a, b), new(Waker)
				if finished == "a" {
					a.Complete(1)
				}
				if finished == "b" {
					b.Complete("one")
				}
				expectPending(t, j, w, "Join was ready before its children")
				future.Cancel(j)
				if finished != "a" {
					require.Equal(t, 1, a.Cancels(), "Join was cancelled while a was pending: how often was a cancelled?")
				}
				if finished != "b" {
					require.Equal(t, 1, b.Cancels(), "Join was cancelled while b was pending: how often was b cancelled?")
				}
			}
			j := join(future.Never[int](), future.Never[string]())
			require.NotPanics(t, func() { future.Cancel(j) }, "a and b have no Cancel; future.Cancel leaves such a Future alone")
		},
	},
	{
		Name:   "join-cancel-unpolled",
		Rule:   "a Join that was never polled can be cancelled",
		Source: "future.Canceler",
		Hint:   "the children are owned from the start, not from the first Poll",
		Check: func(t lesson.T, join JoinFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			future.Cancel(join(a, b))
			require.Equal(t, 1, a.Cancels(), "Join was cancelled before its first Poll: how often was a cancelled?")
			require.Equal(t, 1, b.Cancels(), "Join was cancelled before its first Poll: how often was b cancelled?")
		},
	},
	{
		Name:   "join-over",
		Rule:   "Poll panics with PolledAfterReady when Join has been ready",
		Source: "future.PolledAfterReady",
		Hint:   "what is left in the struct then that tells it apart from a fresh one?",
		Check: func(t lesson.T, join JoinFunc) {
			j, w := join(future.Ready(1), future.Ready("one")), new(Waker)
			expectReady(t, j, w, "both children were ready in the first Poll, and Join is pending")
			expectOver(t, j, "Join")
		},
	},
}
