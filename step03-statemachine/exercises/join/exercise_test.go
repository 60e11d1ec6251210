package join

import (
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

type joinFunc = futuretest.JoinFunc

func TestExercise(t *testing.T) {
	lesson.Grade(t, futuretest.JoinCases(), joinFunc(Join[int, string]), lesson.JudgeInBubble[joinFunc])
}

// What the wrong answers below are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, futuretest.JoinCases(), wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, futuretest.JoinCases(), []lesson.Wrong[joinFunc]{
		{
			Name: "polls when it is made", Case: "join-lazy",
			Message: "nobody has polled Join",
			Subject: func(a future.Future[int], b future.Future[string]) future.Future[pair] {
				j := &answer{a: a, b: b}
				w := new(futuretest.Waker)
				cx := future.NewContext(w)
				cx.Renew(w, 100)
				_, j.ready = j.Poll(cx)
				return j
			},
		},
		{
			Name: "polls b when a is ready", Case: "join-side-by-side",
			Message: "b was not polled in Join's first Poll",
			Subject: wrong(fault{oneAfterTheOther: true}),
		},
		{
			Name: "is ready when the first one is", Case: "join-values",
			Message: "only a is ready, and Join says that both are",
			Subject: wrong(fault{anyIsReady: true}),
		},
		{
			Name: "keeps the value in a local variable", Case: "join-values",
			Message: "the values of a and b",
			Subject: wrong(fault{forgetsValue: true}),
		},
		{
			Name: "looks whether both are ready before it polls them", Case: "join-at-once",
			Message: "Join is pending: who will wake it now?",
			Subject: wrong(fault{looksFirst: true}),
		},
		{
			Name: "polls both each time", Case: "join-finished",
			Message: "was polled again after it was ready",
			Subject: wrong(fault{pollsFinished: true}),
		},
		{
			Name: "keeps the first Poll's Context", Case: "join-last-waker",
			Message: "waker",
			Subject: wrong(fault{keepsContext: true}),
		},
		{
			Name: "polls a first, always", Case: "join-turns",
			Message: "a used up the budget in each of 10 polls",
			Subject: wrong(fault{aFirst: true}),
		},
		{
			Name: "has an empty Cancel", Case: "join-cancel",
			Message: "Join was cancelled while a was pending",
			Subject: wrong(fault{noCancel: true}),
		},
		{
			Name: "cancels what is ready", Case: "join-cancel",
			Message: "was cancelled after it was ready",
			Subject: wrong(fault{cancelsReady: true}),
		},
		{
			Name: "cancels what it has polled only", Case: "join-cancel-unpolled",
			Message: "Join was cancelled before its first Poll",
			Subject: wrong(fault{cancelsPolled: true}),
		},
		{
			Name: "is ready again and again", Case: "join-over",
			Message: "Join",
			Subject: wrong(fault{readyAgain: true}),
		},
	}, lesson.JudgeInBubble[joinFunc])
}

type pair = future.Pair[int, string]

// A fault is what a wrong answer does.
type fault struct {
	oneAfterTheOther, anyIsReady, forgetsValue, looksFirst, pollsFinished, keepsContext bool
	aFirst, noCancel, cancelsReady, cancelsPolled, readyAgain                           bool
}

func wrong(f fault) joinFunc {
	return func(a future.Future[int], b future.Future[string]) future.Future[pair] {
		return &answer{fault: f, a: a, b: b}
	}
}

// An answer is right but for its fault. It keeps both Futures, and a note of each that is ready.
type answer struct {
	fault
	a      future.Future[int]
	b      future.Future[string]
	aReady bool
	bReady bool
	ready  bool
	polls  int
	value  pair
	cx     *future.Context
}

func (j *answer) Poll(cx *future.Context) (value pair, ready bool) {
	if j.ready && !j.readyAgain {
		panic(future.PolledAfterReady)
	}
	if j.cx == nil || !j.keepsContext {
		j.cx = cx
	}
	j.polls++
	if j.forgetsValue {
		j.value = pair{}
	}
	both := j.aReady && j.bReady
	if j.aFirst || j.polls%2 == 1 {
		j.pollA()
		if !j.oneAfterTheOther || j.aReady {
			j.pollB()
		}
	} else {
		j.pollB()
		j.pollA()
	}
	if !j.looksFirst {
		both = j.aReady && j.bReady
	}
	if both || j.anyIsReady && (j.aReady || j.bReady) {
		j.ready = true
		return j.value, true
	}
	return value, false
}

func (j *answer) pollA() {
	if j.aReady && !j.pollsFinished {
		return
	}
	if v, ready := j.a.Poll(j.cx); ready {
		j.value.First, j.aReady = v, true
	}
}

func (j *answer) pollB() {
	if j.bReady && !j.pollsFinished {
		return
	}
	if v, ready := j.b.Poll(j.cx); ready {
		j.value.Second, j.bReady = v, true
	}
}

func (j *answer) Cancel() {
	if j.noCancel || j.cancelsPolled && j.polls == 0 {
		return
	}
	if !j.aReady || j.cancelsReady {
		future.Cancel(j.a)
	}
	if !j.bReady || j.cancelsReady {
		future.Cancel(j.b)
	}
}
