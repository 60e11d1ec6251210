package futuretest

import (
	"slices"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A SelectFunc is [future.Select] or [future.SelectBiased], or stands in for one of them.
type SelectFunc func(a future.Future[int], b future.Future[string]) future.Future[future.Either[int, string]]

// SelectCases are the properties of Select.
func SelectCases() []lesson.Case[SelectFunc] { return slices.Concat(bothSelects, fairCase) }

// SelectBiasedCases are the properties of SelectBiased: the same, except that it is not fair.
func SelectBiasedCases() []lesson.Case[SelectFunc] { return slices.Concat(bothSelects, biasedCase) }

var bothSelects = []lesson.Case[SelectFunc]{
	{
		Name:   "select-lazy",
		Rule:   "Select does nothing before its first Poll",
		Source: "Rust, std::future::Future: futures are inert",
		Hint:   "the constructor only stores what it is given",
		Check: func(t lesson.T, newSelect SelectFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			newSelect(a, b)
			require.Zero(t, a.Polls()+b.Polls(), "Select has polled its children, and nobody has polled Select")
		},
	},
	{
		Name:   "select-waits-for-both",
		Rule:   "a Select that is pending has polled both",
		Source: "tokio::select!",
		Hint:   "who was not polled has no waker, so it cannot say when it is ready",
		Check: func(t lesson.T, newSelect SelectFunc) {
			for range 20 { // the order is drawn by lot
				a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
				expectPending(t, newSelect(a, b), new(Waker), "Select was ready before its children")
				require.NotZero(t, a.Polls(), "Select is pending and has not polled a: who wakes it when a is ready?")
				require.NotZero(t, b.Polls(), "Select is pending and has not polled b: who wakes it when b is ready?")
			}
		},
	},
	{
		Name:   "select-value",
		Rule:   "the first that is ready wins, and Select says which one that was",
		Source: "tokio::select!",
		Hint:   "IsSecond tells a zero value that was given from one that was not",
		Check: func(t lesson.T, newSelect SelectFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			s, w := newSelect(a, b), new(Waker)
			expectPending(t, s, w, "Select was ready before its children")
			a.Complete(7)
			won := expectReady(t, s, w, "a is ready, and Select is pending")
			require.Equal(t, future.Either[int, string]{First: 7}, won, "a was ready, with 7")

			a, b = NewProbe[int](t, "a"), NewProbe[string](t, "b")
			s = newSelect(a, b)
			expectPending(t, s, w, "Select was ready before its children")
			b.Complete("")
			won = expectReady(t, s, w, "b is ready, and Select is pending")
			require.Equal(t, future.Either[int, string]{IsSecond: true}, won, "b was ready, with the empty string")
		},
	},
	{
		Name:   "select-cancels-loser",
		Rule:   "the loser is cancelled, once, before Select is ready",
		Source: "tokio::select!: the others are dropped",
		Hint:   "nobody will poll the loser any more; what it holds, a timer say, it holds until it is cancelled",
		Check: func(t lesson.T, newSelect SelectFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			s, w := newSelect(a, b), new(Waker)
			expectPending(t, s, w, "Select was ready before its children")
			a.Complete(7)
			expectReady(t, s, w, "a is ready, and Select is pending")
			require.Equal(t, 1, b.Cancels(), "a has won: how often was b, the loser, cancelled?")

			a, b = NewProbe[int](t, "a"), NewProbe[string](t, "b")
			s = newSelect(a, b)
			expectPending(t, s, w, "Select was ready before its children")
			b.Complete("seven")
			expectReady(t, s, w, "b is ready, and Select is pending")
			require.Equal(t, 1, a.Cancels(), "b has won: how often was a, the loser, cancelled?")
		},
	},
	{
		Name:   "select-one-value",
		Rule:   "when one is ready, the other is not polled any more",
		Source: "tokio::select!, cancellation safety",
		Hint:   "a Poll that returns ready hands its value over: if two do, one value is thrown away, a message say",
		Check: func(t lesson.T, newSelect SelectFunc) {
			for range 20 {
				a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
				a.Complete(7)
				b.Complete("seven")
				expectReady(t, newSelect(a, b), new(Waker), "both are ready, and Select is pending")
				require.False(t, a.Ready() && b.Ready(), "both children have handed over their values, and Select returns one of them: the other value is lost")
			}
		},
	},
	{
		Name:   "select-last-waker",
		Rule:   "the children get the waker of the most recent Poll",
		Source: "Rust, std::future::Future::poll",
		Hint:   "give cx itself to the children: a stored one is that of an earlier Poll, perhaps of another task",
		Check: func(t lesson.T, newSelect SelectFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			s := newSelect(a, b)
			expectLastWaker(t, s, a.Wake, "a")
			expectLastWaker(t, s, b.Wake, "b")
		},
	},
	{
		Name:   "select-cancel",
		Rule:   "Cancel cancels both, once each",
		Source: "future.Canceler",
		Hint:   "nobody else knows the children",
		Check: func(t lesson.T, newSelect SelectFunc) {
			a, b := NewProbe[int](t, "a"), NewProbe[string](t, "b")
			s := newSelect(a, b)
			expectPending(t, s, new(Waker), "Select was ready before its children")
			future.Cancel(s)
			require.Equal(t, []int{1, 1}, []int{a.Cancels(), b.Cancels()}, "Select was cancelled while both were pending: how often were a and b cancelled?")
		},
	},
	{
		Name:   "select-over",
		Rule:   "Poll panics with PolledAfterReady when Select has been ready",
		Source: "future.PolledAfterReady",
		Hint:   "what is left in the struct then that tells it apart from a fresh one?",
		Check: func(t lesson.T, newSelect SelectFunc) {
			for range 20 {
				s := newSelect(future.Ready(1), NewProbe[string](t, "b"))
				expectReady(t, s, new(Waker), "a was ready in the first Poll, and Select is pending")
				expectOver(t, s, "Select")
			}
		},
	},
}

var fairCase = []lesson.Case[SelectFunc]{{
	Name:   "select-fair",
	Rule:   "when both are ready whenever Select looks, each wins about half of the time",
	Source: "tokio::select!; The Go Programming Language Specification, Select statements",
	Hint:   "who is polled first wins; draw lots in each Poll",
	Check: func(t lesson.T, newSelect SelectFunc) {
		const rounds = 1000
		second := 0
		for range rounds {
			if expectReady(t, newSelect(future.Ready(1), future.Ready("one")), new(Waker), "both are ready, and Select is pending").IsSecond {
				second++
			}
		}
		// The standard deviation is 16: a fair Select fails this once in billions of runs.
		require.InDelta(t, rounds/2, second, 100, "both were ready in each of %d rounds, and b won %d of them: a branch that always comes second may starve", rounds, second)
	},
}}

var biasedCase = []lesson.Case[SelectFunc]{{
	Name:   "select-biased-order",
	Rule:   "SelectBiased polls a first, and b only if a is pending",
	Source: "tokio::select! with \"biased;\"",
	Hint:   "no lots here: the order of the arguments is the order of the polls",
	Check: func(t lesson.T, newSelect SelectFunc) {
		for range 20 {
			b := NewProbe[string](t, "b")
			b.Complete("one")
			require.False(t, expectReady(t, newSelect(future.Ready(1), b), new(Waker), "both are ready, and SelectBiased is pending").IsSecond,
				"both were ready, and b won: SelectBiased prefers a, always")
			require.Zero(t, b.Polls(), "a was ready, and b was polled all the same")
		}
	},
}}
