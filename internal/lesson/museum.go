package lesson

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A Wrong is a wrong program: an implementation with one classic fault.
type Wrong[S any] struct {
	// Name says what it does wrong, in a few words: "accepts one at a time".
	Name string
	// Case is the name of the case that must catch it.
	Case string
	// Message is what a learner with this fault must read: a part of the failure.
	Message string
	// Sometimes names the cases that catch it on some runs and not on others, by
	// the scheduler's mood. The kill table shows them in parentheses.
	Sometimes []string
	// Racy says that only the race detector sees the fault reliably. Then the case must run into
	// it, and its verdict counts only in a test that was built with -race.
	Racy bool
	// Subject is the program.
	Subject S
}

// Museum runs the wrong programs against the cases and fails the test t unless
//
//   - each wrong program is caught by the case that it names, with its message;
//   - each case catches at least one wrong program: a check that cannot fail is none.
//
// It compares the table of the rules with the file testdata/NAME-rules.md, and the
// kill table with testdata/NAME.md, NAME being that of the test; the chapter shows
// them. With LESSON_UPDATE=1 in the environment it writes the files.
//
// Under the race detector it runs only those that are Racy: the other ones have been judged without it, and that takes
// long enough. With -tags solution it runs none: that changes the exercises' answers only.
//
// A wrong program may spin, hang or crash. So each runs in a process of its own:
// the test binary again, told to run only t. Museum must be the first thing that t does.
func Museum[S any](t *testing.T, cases []Case[S], wrongs []Wrong[S], judge Judge[S]) {
	if name, isChild := os.LookupEnv(subjectEnv); isChild {
		for _, w := range wrongs {
			if w.Name == name {
				judgeAsChild(t, cases, w.Subject, judge)
			}
		}
		return
	}

	if solutionBuild {
		t.Skip("left out with -tags solution: the wrong programs are the same")
	}
	table := killTable{verdicts: make([][]Verdict, len(wrongs))}
	for _, c := range cases {
		table.cases = append(table.cases, c.Name)
	}
	for _, w := range wrongs {
		table.wrongs = append(table.wrongs, killed{w.Name, w.Case, w.Sometimes, w.Racy})
	}
	t.Run("exhibits", func(t *testing.T) {
		for i, w := range wrongs {
			t.Run(w.Name, func(t *testing.T) {
				t.Parallel()
				switch {
				case w.Racy && !raceDetector:
					t.Skip("only the race detector sees this fault reliably: go test -race")
				case !w.Racy && raceDetector:
					t.Skip("judged without the race detector: go test")
				}
				verdicts := judgeInChild(t, parentName(t), w.Name, len(cases))
				table.verdicts[i] = verdicts
				for k, c := range cases {
					if c.Name == w.Case {
						failure := verdicts[k].Failure
						if w.Racy {
							failure = verdicts[k].withRace().Failure
						}
						assert.Contains(t, failure, w.Message, "case %s must catch %q with this message", c.Name, w.Name)
						assert.NotEmpty(t, w.Message)
						return
					}
				}
				t.Errorf("there is no case %q", w.Case)
			})
		}
	})
	if raceDetector {
		return
	}
	for k, c := range cases {
		assert.True(t, table.kills(k) > 0, "case %s catches none of the wrong programs: can it fail at all?", c.Name)
	}
	compareFile(t, "testdata/"+t.Name()+"-rules.md", rulesTable(cases))
	file := "testdata/" + t.Name() + ".md"
	for range secondLooks {
		for _, i := range table.stale(file) {
			table.verdicts[i] = judgeInChild(t, t.Name(), wrongs[i].Name, len(cases))
		}
	}
	table.logDifferences(t, file)
	compareFile(t, file, table.Markdown())
}

// secondLooks is how often a wrong program is judged again whose row is another than the file's. Which
// cases catch it, besides the one that is meant for it, may depend on the scheduler's mood in a way
// that nobody has noticed yet, see [Wrong.Sometimes]. A row that is out of date differs each time.
const secondLooks = 3

// parentName is the name of the test that called Museum: t is two levels below.
func parentName(t *testing.T) string {
	name, _, _ := strings.Cut(t.Name(), "/exhibits/")
	return name
}
