package futuretest

import (
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

func TestJoinMuseum(t *testing.T) {
	type pair = future.Pair[int, string]
	lesson.Museum(t, JoinCases(), []lesson.Wrong[JoinFunc]{
		{
			Name: "polls its children in the constructor", Case: "join-lazy",
			Message: "nobody has polled Join",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				j := &joinParts{a: a, b: b}
				j.pollBoth(future.NewContext(new(Waker)))
				return j
			},
		},
		{
			Name: "waits for a, then for b", Case: "join-side-by-side",
			Message: "Join does one thing after the other",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				return future.Then(a, func(first int) future.Future[pair] {
					return future.Map(b, func(second string) pair { return pair{First: first, Second: second} })
				})
			},
		},
		{
			Name: "forgets the value that came first", Case: "join-values",
			Message: "the values of a and b",
			Subject: wrongJoin(func(j *joinParts) future.Func[pair] {
				return func(cx *future.Context) (_ pair, ready bool) {
					j.pair = pair{}
					return j.Poll(cx)
				}
			}),
		},
		{
			Name: "looks before it polls", Case: "join-at-once",
			Message: "who will wake it now?",
			Subject: wrongJoin(func(j *joinParts) future.Func[pair] {
				return func(cx *future.Context) (_ pair, ready bool) {
					if j.a == nil && j.b == nil {
						return j.Poll(cx)
					}
					j.pollBoth(cx)
					return
				}
			}),
		},
		{
			Name: "polls the finished child", Case: "join-finished",
			Message: "a was polled again after it was ready",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				return future.Func[pair](func(cx *future.Context) (_ pair, ready bool) {
					first, aReady := a.Poll(cx)
					second, bReady := b.Poll(cx)
					return pair{First: first, Second: second}, aReady && bReady
				})
			},
		},
		{
			Name: "keeps the waker of its first poll", Case: "join-last-waker",
			Message: "a Future that moves to another task is never polled again",
			Subject: wrongJoin(func(j *joinParts) future.Func[pair] {
				var first *future.Context
				return func(cx *future.Context) (_ pair, ready bool) {
					if first == nil {
						first = future.NewContext(cx.Waker())
					}
					return j.Poll(first)
				}
			}),
		},
		{
			Name: "always polls a first", Case: "join-turns",
			Message: "a used up the budget in each of 10 polls",
			Subject: wrongJoin(func(j *joinParts) future.Func[pair] {
				return func(cx *future.Context) (_ pair, ready bool) {
					j.bFirst = false
					return j.Poll(cx)
				}
			}),
		},
		{
			Name: "does not forward Cancel", Case: "join-cancel",
			Message: "how often was a cancelled?",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				return future.Func[pair](future.Join(a, b).Poll)
			},
		},
		{
			Name: "cancels the finished child, too", Case: "join-cancel",
			Message: "a was cancelled after it was ready",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				return cancellable[pair]{Func: future.Join(a, b).Poll, cancel: func() {
					future.Cancel(a)
					future.Cancel(b)
				}}
			},
		},
		{
			Name: "takes each child for a Canceler", Case: "join-cancel",
			Message: "a and b have no Cancel",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				j := &joinParts{a: a, b: b}
				return cancellable[pair]{Func: j.Poll, cancel: func() {
					if j.a != nil {
						j.a.(future.Canceler).Cancel()
					}
					if j.b != nil {
						j.b.(future.Canceler).Cancel()
					}
				}}
			},
		},
		{
			Name: "cancels only what it has polled", Case: "join-cancel-unpolled",
			Message: "Join was cancelled before its first Poll",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				j, polled := future.Join(a, b), false
				return cancellable[pair]{
					Func: func(cx *future.Context) (_ pair, ready bool) {
						polled = true
						return j.Poll(cx)
					},
					cancel: func() {
						if polled {
							future.Cancel(j)
						}
					},
				}
			},
		},
		{
			Name: "is ready for ever", Case: "join-over",
			Message: "Its owner has lost count",
			Subject: wrongJoin(func(j *joinParts) future.Func[pair] {
				return func(cx *future.Context) (_ pair, ready bool) {
					j.over = false
					return j.Poll(cx)
				}
			}),
		},
	}, lesson.JudgeInRealTime[JoinFunc])
}

// wrongJoin puts another Poll in front of a Join's, which may spoil its parts.
func wrongJoin(poll func(j *joinParts) future.Func[future.Pair[int, string]]) JoinFunc {
	return func(a future.Future[int], b future.Future[string]) future.Future[future.Pair[int, string]] {
		j := &joinParts{a: a, b: b}
		return cancellable[future.Pair[int, string]]{Func: poll(j), cancel: j.Cancel}
	}
}

// A joinParts is a Join that is right, for exhibits that reach into it.
type joinParts struct {
	a            future.Future[int]    // nil when it is ready
	b            future.Future[string] // nil when it is ready
	pair         future.Pair[int, string]
	bFirst, over bool
}

func (j *joinParts) Poll(cx *future.Context) (_ future.Pair[int, string], ready bool) {
	if j.over {
		panic(future.PolledAfterReady)
	}
	j.pollBoth(cx)
	j.over = j.a == nil && j.b == nil
	return j.pair, j.over
}

func (j *joinParts) pollBoth(cx *future.Context) {
	for range 2 {
		var ready bool
		if j.bFirst && j.b != nil {
			if j.pair.Second, ready = j.b.Poll(cx); ready {
				j.b = nil
			}
		}
		if !j.bFirst && j.a != nil {
			if j.pair.First, ready = j.a.Poll(cx); ready {
				j.a = nil
			}
		}
		j.bFirst = !j.bFirst
	}
	j.bFirst = !j.bFirst
}

func (j *joinParts) Cancel() {
	future.Cancel(j.a)
	future.Cancel(j.b)
}
