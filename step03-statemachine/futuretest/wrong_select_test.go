package futuretest

import (
	"math/rand/v2"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

func TestSelectMuseum(t *testing.T) {
	lesson.Museum(t, SelectCases(), append(wrongSelects, lesson.Wrong[SelectFunc]{
		Name: "always polls a first", Case: "select-fair",
		Message: "a branch that always comes second may starve",
		Subject: future.SelectBiased[int, string],
	}), lesson.JudgeInRealTime[SelectFunc])
}

func TestSelectBiasedMuseum(t *testing.T) {
	lesson.Museum(t, SelectBiasedCases(), append(wrongSelects, lesson.Wrong[SelectFunc]{
		Name: "draws lots", Case: "select-biased-order",
		Message: "SelectBiased prefers a, always",
		Subject: future.Select[int, string],
	}), lesson.JudgeInRealTime[SelectFunc])
}

type either = future.Either[int, string]

// The faults that Select and SelectBiased can both have.
var wrongSelects = []lesson.Wrong[SelectFunc]{
	{
		Name: "polls its children in the constructor", Case: "select-lazy",
		Message: "nobody has polled Select",
		Subject: func(a future.Future[int], b future.Future[string]) future.Future[either] {
			s := &selectParts{a: a, b: b}
			if won, ready := Poll(s, new(Waker)); ready {
				return future.Ready(won)
			}
			return s
		},
	},
	{
		Name: "polls one child in each poll", Case: "select-waits-for-both",
		Message: "who wakes it when",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			return func(cx *future.Context) (won either, ready bool) {
				if s.aFirst = !s.aFirst; s.aFirst {
					return s.pollA(cx)
				}
				return s.pollB(cx)
			}
		}),
	},
	{
		Name: "takes an empty value for none", Case: "select-value",
		Message: "b was ready, with the empty string",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			return func(cx *future.Context) (won either, ready bool) {
				won, ready = s.Poll(cx)
				won.IsSecond = won.Second != ""
				return
			}
		}),
	},
	{
		Name: "keeps the loser", Case: "select-cancels-loser",
		Message: "a has won: how often was b, the loser, cancelled?",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			a, b := s.a, s.b
			return func(cx *future.Context) (won either, ready bool) {
				s.a, s.b = future.Func[int](a.Poll), future.Func[string](b.Poll) // without their Cancel
				won, ready = s.Poll(cx)
				s.a, s.b = a, b
				return
			}
		}),
	},
	{
		Name: "cancels the winner, too", Case: "select-cancels-loser",
		Message: "a was cancelled after it was ready",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			a, b := s.a, s.b
			return func(cx *future.Context) (won either, ready bool) {
				if won, ready = s.Poll(cx); ready && won.IsSecond {
					future.Cancel(b)
				} else if ready {
					future.Cancel(a)
				}
				return
			}
		}),
	},
	{
		Name: "polls both and takes one", Case: "select-one-value",
		Message: "the other value is lost",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			return func(cx *future.Context) (won either, ready bool) {
				b := s.b
				won, ready = s.pollA(cx)
				if ready {
					b.Poll(cx)
					return
				}
				return s.pollB(cx)
			}
		}),
	},
	{
		Name: "keeps the waker of its first poll", Case: "select-last-waker",
		Message: "a Future that moves to another task is never polled again",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			var first *future.Context
			return func(cx *future.Context) (won either, ready bool) {
				if first == nil {
					first = future.NewContext(cx.Waker())
				}
				return s.Poll(first)
			}
		}),
	},
	{
		Name: "does not forward Cancel", Case: "select-cancel",
		Message: "how often were a and b cancelled?",
		Subject: func(a future.Future[int], b future.Future[string]) future.Future[either] {
			return future.Func[either]((&selectParts{a: a, b: b}).Poll)
		},
	},
	{
		Name: "is pending when it is over", Case: "select-over",
		Message: "Its owner has lost count",
		Subject: wrongSelect(func(s *selectParts) future.Func[either] {
			return func(cx *future.Context) (won either, ready bool) {
				if s.over {
					return
				}
				return s.Poll(cx)
			}
		}),
	},
}

// wrongSelect puts another Poll in front of a Select's, which may spoil its parts.
func wrongSelect(poll func(s *selectParts) future.Func[either]) SelectFunc {
	return func(a future.Future[int], b future.Future[string]) future.Future[either] {
		s := &selectParts{a: a, b: b}
		return cancellable[either]{Func: poll(s), cancel: s.Cancel}
	}
}

// A selectParts is a Select that is right, for exhibits that reach into it.
type selectParts struct {
	a            future.Future[int]
	b            future.Future[string]
	aFirst, over bool
}

func (s *selectParts) Poll(cx *future.Context) (won either, ready bool) {
	if s.over {
		panic(future.PolledAfterReady)
	}
	s.aFirst = rand.Uint32()&1 == 0
	for range 2 {
		if s.aFirst {
			won, ready = s.pollA(cx)
		} else {
			won, ready = s.pollB(cx)
		}
		if ready {
			return
		}
		s.aFirst = !s.aFirst
	}
	return
}

func (s *selectParts) pollA(cx *future.Context) (won either, ready bool) {
	if won.First, ready = s.a.Poll(cx); ready {
		s.over = true
		future.Cancel(s.b)
	}
	return
}

func (s *selectParts) pollB(cx *future.Context) (won either, ready bool) {
	if won.Second, ready = s.b.Poll(cx); ready {
		s.over, won.IsSecond = true, true
		future.Cancel(s.a)
	}
	return
}

func (s *selectParts) Cancel() {
	future.Cancel(s.a)
	future.Cancel(s.b)
}
