package lesson

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A killTable says which case catches which wrong program.
type killTable struct {
	cases    []string
	wrongs   []killed
	verdicts [][]Verdict // [wrong][case]
}

// A killed is a wrong program's row: the fields are those of Wrong.
type killed struct {
	name      string
	by        string
	sometimes []string
	racy      bool
}

// kills counts the wrong programs that case k catches.
func (table killTable) kills(k int) int {
	n := 0
	for i, verdicts := range table.verdicts {
		if k < len(verdicts) && !table.wrongs[i].racy && verdicts[k].catches() {
			n++
		}
	}
	return n
}

// catches reports whether a case has found a fault.
func (v Verdict) catches() bool { return !v.OK() && v != notTried }

// Markdown is a row for each wrong program. A column for each case would be too
// wide for a page, so the cases that catch it are listed, the one meant for it first.
func (table killTable) Markdown() string {
	var b strings.Builder
	b.WriteString("| the wrong program | is caught by |\n| --- | --- |\n")
	for i := range table.wrongs {
		b.WriteString(table.row(i))
	}
	return b.String()
}

func (table killTable) row(i int) string {
	wrong := table.wrongs[i]
	const most = 5  // a loop that lacks almost everything fails almost everywhere
	if wrong.racy { // what it does otherwise is different each time
		return fmt.Sprintf("| %s | **`%s`** with the race detector |\n", wrong.name, wrong.by)
	}
	caughtBy := []string{"**`" + wrong.by + "`**"}
	for k, name := range table.cases {
		switch {
		case name == wrong.by:
		case slices.Contains(wrong.sometimes, name):
			caughtBy = append(caughtBy, "(`"+name+"`)")
		case table.verdicts[i][k].catches():
			caughtBy = append(caughtBy, "`"+name+"`")
		}
	}
	if more := len(caughtBy) - most; more > 0 {
		caughtBy = append(caughtBy[:most], fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("| %s | %s |\n", wrong.name, strings.Join(caughtBy, ", "))
}

// stale returns the wrong programs whose rows are not in the file.
func (table killTable) stale(name string) (wrongs []int) {
	committed, err := os.ReadFile(name)
	if err != nil || os.Getenv(updateEnv) == "1" {
		return nil // it's about to be written
	}
	for i := range table.wrongs {
		if len(table.verdicts[i]) > 0 && !strings.Contains(string(committed), table.row(i)) {
			wrongs = append(wrongs, i)
		}
	}
	return wrongs
}

// logDifferences logs what every case said of the stale ones.
func (table killTable) logDifferences(t *testing.T, name string) {
	for _, i := range table.stale(name) {
		for k, verdict := range table.verdicts[i] {
			t.Logf("%s, case %s: %s", table.wrongs[i].name, table.cases[k], verdict.Failure)
		}
	}
}

// rulesTable is a row for each case.
func rulesTable[S any](cases []Case[S]) string {
	var b strings.Builder
	b.WriteString("| case | rule | source |\n| --- | --- | --- |\n")
	for _, c := range cases {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Rule, c.Source)
	}
	return b.String()
}

// updateEnv makes compareFile write what it would compare.
const updateEnv = "LESSON_UPDATE"

// compareFile fails the test unless the file has this content.
func compareFile(t *testing.T, name, content string) {
	if os.Getenv(updateEnv) == "1" {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(content), 0o644))
		return
	}
	committed, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(committed), content, "%s is stale: run go generate ./... and look at what changed", name)
}
