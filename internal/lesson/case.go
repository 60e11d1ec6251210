package lesson

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A Case is one property that an implementation must have. S is what is judged:
// a constructor, mostly.
type Case[S any] struct {
	// Name is short and stable: wrong programs and chapters refer to it.
	Name string
	// Rule is the property, in one sentence, in the words of the chapter.
	Rule string
	// Source says where the rule comes from: an RFC section, say.
	Source string
	// Hint is for somebody whose program fails the case. It says where to look,
	// not what to write.
	Hint string
	// InBubble is for cases that need virtual time or the faults of an in-memory
	// network: [Run] leaves them out.
	InBubble bool
	// Excuse says why the case can't judge that subject; "" if it can. nil: it can judge
	// all. [Run] and [RunInBubble] skip it then, with the reason.
	Excuse func(subject S) string
	// Check runs the case. It is called on a goroutine of its own, and reports
	// failures to t. It waits as long as it likes: the watchdog ends it.
	Check func(t T, subject S)
}

// Pick returns the cases with these names, in this order. It panics if there is
// none of a name: an exercise would be judged by less than it says.
func Pick[S any](cases []Case[S], names ...string) []Case[S] {
	var picked []Case[S]
	for _, name := range names {
		i := slices.IndexFunc(cases, func(c Case[S]) bool { return c.Name == name })
		if i < 0 {
			panic(fmt.Sprintf("lesson: there is no case %q", name))
		}
		picked = append(picked, cases[i])
	}
	return picked
}

// T is what a case reports to. [*testing.T] is one, and so is the recorder that
// [Judge] uses; both satisfy testify's TestingT.
type T interface {
	// Errorf notes a failure and goes on.
	Errorf(format string, args ...any)
	// FailNow ends the goroutine that calls it: the case's own, if the case is to end.
	FailNow()
	Helper()
	// Cleanup calls f when the case has ended, last added first called.
	Cleanup(f func())
	// Context ends just before the cleanups are called.
	Context() context.Context
}

// Run runs each case against subject as a subtest of t, in real time. It leaves
// out the cases that need a bubble.
func Run[S any](t *testing.T, cases []Case[S], subject S) {
	var real []Case[S]
	for _, c := range cases {
		if !c.InBubble {
			real = append(real, c)
		}
	}
	run(t, real, subject, JudgeInRealTime[S])
}

// RunInBubble runs each case against subject as a subtest of t, in a bubble of
// [testing/synctest]: time is virtual there, and passes only when everybody waits.
func RunInBubble[S any](t *testing.T, cases []Case[S], subject S) {
	run(t, cases, subject, JudgeInBubble[S])
}

func run[S any](t *testing.T, cases []Case[S], subject S, judge Judge[S]) {
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if c.Excuse != nil {
				if reason := c.Excuse(subject); reason != "" {
					t.Skip(reason)
				}
			}
			if verdict := judge(t, c, subject); !verdict.OK() {
				t.Error(c.explain(verdict))
			}
		})
	}
}

// explain is what somebody reads whose program fails the case.
func (c Case[S]) explain(verdict Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", verdict.Failure)
	fmt.Fprintf(&b, "  rule: %s (%s)\n", c.Rule, c.Source)
	fmt.Fprintf(&b, "  hint: %s", c.Hint)
	return b.String()
}
