package lesson

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What grades is distrusted first: each of these tests must fail, and does so in a process of its own.

// distrustEnv tells a child which of mustFail it is.
const distrustEnv = "LESSON_TEST_MUST_FAIL"

var checksNothing = []Case[behaviour]{{Name: "checks nothing", Check: func(T, behaviour) {}}}

var mustFail = map[string]struct {
	says string
	run  func(t *testing.T)
}{
	"an empty exercise passes": {
		"the empty exercise passes all cases",
		func(t *testing.T) {
			t.Chdir(t.TempDir())
			stub := "package p\n\nfunc A() error { return lesson.ErrNotStarted }\n"
			require.NoError(t, os.WriteFile("exercise.go", []byte(stub), 0o644))
			Grade(t, checksNothing, nil, JudgeInBubble[behaviour])
		},
	},
	"a wrong program survives": {
		`case checks nothing must catch "goes wrong" with this message`,
		func(t *testing.T) {
			Museum(t, checksNothing, []Wrong[behaviour]{{Name: "goes wrong", Case: "checks nothing", Message: "it is wrong"}}, JudgeInBubble[behaviour])
		},
	},
	"a case catches nothing": {
		"case checks nothing catches none of the wrong programs",
		func(t *testing.T) { Museum(t, checksNothing, nil, JudgeInBubble[behaviour]) },
	},
	"a table is stale": {
		"is stale: run go generate",
		func(t *testing.T) { compareFile(t, "testdata/TestMuseum.md", "something else") },
	},
}

func TestMustFail(t *testing.T) {
	if name := os.Getenv(distrustEnv); name != "" {
		mustFail[name].run(t)
		return
	}
	PlainOnly(t, "it judges wrong programs")
	for name, test := range mustFail {
		t.Run(name, func(t *testing.T) {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMustFail$")
			child.Env = append(os.Environ(), distrustEnv+"="+name, updateEnv+"=0")
			output, err := child.CombinedOutput()
			require.Error(t, err, "it passes:\n%s", output)
			assert.Contains(t, string(output), test.says)
		})
	}
}
