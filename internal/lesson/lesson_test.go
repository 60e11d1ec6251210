package lesson

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The subject of these cases is a function, and the cases only call it: each
// function misbehaves in one way.
type behaviour func(t T)

var callIt = Case[behaviour]{
	Name: "call", Rule: "the function returns", Source: "this test", Hint: "look at the function",
	Check: func(t T, f behaviour) { f(t) },
}

func blockForEver() { select {} }

func TestJudges_agreeOnEachKindOfFailure(t *testing.T) {
	for _, test := range []struct {
		name string
		f    behaviour
		want []string // parts of the failure; none means that it passes
	}{
		{"passes", func(T) {}, nil},
		{"fails", func(t T) { t.Errorf("one client of %d", 2) }, []string{"one client of 2"}},
		{"goes on after Errorf", func(t T) { t.Errorf("first"); t.Errorf("second") }, []string{"first\nsecond"}},
		{"ends at FailNow", func(t T) { t.FailNow(); panic("not reached") }, []string{"the case failed without a word"}},
		{
			"testify, the sentence first", func(t T) { require.Equal(t, 1, 2, "is it counted twice?") },
			[]string{"is it counted twice?\n  Not equal:", "expected: 1"},
		},
		{"testify without a sentence", func(t T) { require.Fail(t, "no") }, []string{"no"}},
		{"panics", func(T) { panic("at once") }, []string{"panic: at once", "lesson_test.go"}},
		{"fails in a cleanup", func(t T) { t.Cleanup(func() { t.Errorf("late") }) }, []string{"late"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, judge := range []Judge[behaviour]{JudgeInBubble[behaviour], JudgeInRealTime[behaviour]} {
				verdict := judge(t, callIt, test.f)
				assert.Equal(t, len(test.want) == 0, verdict.OK(), verdict.Failure)
				for _, part := range test.want {
					assert.Contains(t, verdict.Failure, part)
				}
				assert.NotContains(t, verdict.Failure, "Error Trace")
			}
		})
	}
}

func TestRun_skipsWhatTheSubjectIsExcusedFrom(t *testing.T) {
	asked := 0
	excused, judged := callIt, callIt
	excused.Name, judged.Name = "excused", "judged"
	excused.Excuse = func(behaviour) string { return "it is no subject for this" }
	judged.Excuse = func(behaviour) string { return "" }
	for _, run := range []func(*testing.T, []Case[behaviour], behaviour){Run[behaviour], RunInBubble[behaviour]} {
		run(t, []Case[behaviour]{excused, judged}, func(T) { asked++ })
	}
	assert.Equal(t, 2, asked, "each of the two has judged one case of two")
}

func TestJudges_runCleanupsLastFirstWithContextEnded(t *testing.T) {
	for _, judge := range []Judge[behaviour]{JudgeInBubble[behaviour], JudgeInRealTime[behaviour]} {
		var order []string
		verdict := judge(t, callIt, func(t T) {
			t.Cleanup(func() { order = append(order, "first") })
			t.Cleanup(func() { panic("in a cleanup") }) // ends itself alone
			t.Cleanup(func() { t.FailNow() })           // likewise
			t.Cleanup(func() {
				assert.Error(t, t.Context().Err())
				order = append(order, "second")
			})
			require.NoError(t, t.Context().Err())
			t.FailNow()
		})
		assert.Contains(t, verdict.Failure, "panic: in a cleanup")
		assert.Equal(t, []string{"second", "first"}, order)
	}
}

func TestJudgeInBubble_noticesAHang(t *testing.T) {
	verdict := JudgeInBubble(t, callIt, func(T) { blockForEver() })
	assert.Contains(t, verdict.Failure, "it hangs: when nothing could happen any more")
}

func TestJudgeInBubble_reportsGoroutinesLeftBehind(t *testing.T) {
	verdict := JudgeInBubble(t, callIt, func(T) { go blockForEver() })
	assert.Contains(t, verdict.Failure, "1 goroutine(s) left behind")
}

func TestJudgeInBubble_forgivesWhatEndsALittleLater(t *testing.T) {
	verdict := JudgeInBubble(t, callIt, func(T) { go time.Sleep(time.Minute) })
	assert.True(t, verdict.OK(), verdict.Failure)
}

func TestJudges_endAProgramThatDoesNotEnd(t *testing.T) {
	defer func(old time.Duration) { realLimit = old }(realLimit)
	realLimit = 20 * time.Millisecond
	stop := make(chan struct{})
	defer close(stop)
	stopped := func() bool {
		select {
		case <-stop:
			return true
		default:
			return false
		}
	}
	spin := func(T) {
		for !stopped() {
		}
	}
	assert.Contains(t, JudgeInBubble(t, callIt, spin).Failure, "kept the processor busy for 20ms")
	assert.Contains(t, JudgeInRealTime(t, callIt, spin).Failure, "it hangs: after 20ms")
}

func TestExplain_givesRuleSourceAndHint(t *testing.T) {
	assert.Equal(t, "it is late\n  rule: the function returns (this test)\n  hint: look at the function",
		callIt.explain(Verdict{Failure: "it is late"}))
}

func TestParseStack_readsHeaderFramesAndCreator(t *testing.T) {
	s := parseStack(`goroutine 23 gp=0x1 m=nil [chan receive (durable), 3 minutes, synctest bubble 7]:
example.com/async/step01-tcp/tcp.(*Server).Serve(0x1, {0x2, 0x3})
	/home/learner/async/step01-tcp/tcp/server.go:33 +0x19
created by example.com/async/step01-tcp/tcptest.start in goroutine 21
	/home/learner/async/step01-tcp/tcptest/start.go:4 +0x6d`)
	assert.Equal(t, "23", s.id)
	assert.Equal(t, "chan receive", s.state)
	assert.Equal(t, "7", s.bubble)
	assert.Equal(t, "    step01-tcp/tcp/server.go:33: chan receive, in tcp.(*Server).Serve\n"+
		"    step01-tcp/tcp/server.go:33: chan receive, in tcp.(*Server).Serve", stacks{s}.String()+"\n"+stacks{s}.String())
	assert.Equal(t, "    step01-tcp/tcp/server.go:33: chan receive, in tcp.(*Server).Serve (2 goroutines)", stacks{s, s}.String())
	assert.Equal(t, "running", parseStack("goroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1").state)
}

func TestGoroutines_findsItself(t *testing.T) {
	all := goroutines()
	require.NotEmpty(t, all)
	assert.Equal(t, module+"internal/lesson.goroutines", all[0].frames[0].function)
	assert.Equal(t, "running", all[0].state)
}

func TestUntouched_tellsAnEmptyExerciseFromOneThatWasBegun(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{"func A() error { return lesson.ErrNotStarted }", "step/exercises/exercise.go:2, in A"},
		{"func A() error {\n\treturn nil\n}\nfunc B() error {\n\treturn lesson.ErrNotStarted\n}", "step/exercises/exercise.go:6, in B"},
		{"func A() error { f(); return lesson.ErrNotStarted }", ""},
		{"func A() error { return nil }", ""},
	} {
		root := t.TempDir()
		require.NoError(t, os.WriteFile(root+"/go.mod", []byte("module m"), 0o644))
		require.NoError(t, os.MkdirAll(root+"/step/exercises", 0o755))
		t.Chdir(root + "/step/exercises")
		require.NoError(t, os.WriteFile("exercise.go", []byte("package p\n"+test.source), 0o644))
		assert.Equal(t, test.want, untouched(t, "exercise.go"))
	}
}

// staysEnv makes this test's program one that does nothing but stay, and hold its output.
const (
	staysEnv = "LESSON_TEST_STAYS"
	stays    = time.Minute
)

func TestMain(m *testing.M) {
	if os.Getenv(staysEnv) != "" {
		time.Sleep(stays)
		return
	}
	m.Run()
}

// The museum is tested on programs that take their process down with them.
func TestMuseum(t *testing.T) {
	if began := time.Now(); os.Getenv(subjectEnv) == "" {
		defer func() {
			assert.Less(t, time.Since(began), stays, "it has waited for what a program has left behind")
		}()
	}
	quick := func(name string, check func(t T, f behaviour)) Case[behaviour] {
		return Case[behaviour]{Name: name, Check: check}
	}
	Museum(t, []Case[behaviour]{
		quick("first", func(t T, f behaviour) { f(t) }),
		quick("second", func(t T, f behaviour) { f(t); f(t) }),
	}, []Wrong[behaviour]{
		{Name: "crashes", Case: "first", Message: "it ended the whole process: panic: oh", Subject: func(T) {
			go panic("oh")
			blockForEver()
		}},
		{Name: "exits", Case: "first", Message: "it ended the whole process: no reason given", Subject: func(T) { os.Exit(3) }},
		{Name: "prints without end", Case: "first", Message: `more than 16 MiB, and went on: does a loop go round without waiting for anything? The last line was "again and again`, Subject: func(T) {
			for {
				fmt.Println(strings.Repeat("again and ", 100))
			}
		}},
		{Name: "says much", Case: "second", Message: "oooo", Subject: func(t T) { t.Errorf("%s", strings.Repeat("o", 70_000)) }},
		{Name: "leaves a process behind", Case: "first", Message: "it ended the whole process", Subject: func(T) {
			left := exec.Command(os.Args[0], "-test.run=^$", "-test.v")
			left.Env = append(os.Environ(), staysEnv+"=1")
			left.Stdout = os.Stdout
			if left.Start() == nil {
				os.Exit(3)
			}
		}},
		{Name: "hangs", Case: "second", Message: "it hangs", Subject: func(T) { blockForEver() }},
		{Name: "leaks", Case: "second", Message: "2 goroutine(s) left behind", Subject: func(T) { go blockForEver() }},
		{Name: "races", Case: "second", Message: "two goroutines use the same memory at the same time", Racy: true, Subject: func(T) {
			counter := new(int)
			go func() { *counter++ }()
			*counter++
		}},
	}, JudgeInBubble[behaviour])
}

func TestVerdict_toldWithTheRaceThatItHad(t *testing.T) {
	report := raceReport("lesson begins 1\n==================\nWARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n  /m/step01-tcp/exercises/limit/exercise.go:40\n==================\nmore")
	assert.Equal(t, "Write at 0x1 by goroutine 7:\n  /m/step01-tcp/exercises/limit/exercise.go:40", report)
	verdict := Verdict{Race: report}.withRace()
	assert.True(t, strings.HasPrefix(verdict.Failure, "two goroutines use the same memory at the same time, and one of them writes, at step01-tcp/exercises/limit/exercise.go:40:\nWrite at"), verdict.Failure)
	assert.Equal(t, Verdict{Failure: "bad"}, Verdict{Failure: "bad"}.withRace())
	assert.True(t, strings.HasPrefix(Verdict{Failure: "bad", Race: report}.withRace().Failure, "bad\ntwo goroutines"))
}

func TestKillTable_listsTheCasesThatCatch(t *testing.T) {
	bad := Verdict{Failure: "bad"}
	table := killTable{
		cases:    []string{"a", "b"},
		wrongs:   []killed{{"spins", "b", nil, false}, {"leaks", "b", []string{"a"}, false}},
		verdicts: [][]Verdict{{bad, bad}, {notTried, bad}},
	}
	assert.Equal(t, 1, table.kills(0))
	assert.Equal(t, "| the wrong program | is caught by |\n| --- | --- |\n| spins | **`b`**, `a` |\n| leaks | **`b`**, (`a`) |\n", table.Markdown())
}
