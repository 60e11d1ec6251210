package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/gradetest"
)

// The whole way, with the real go command.
func TestRun_tellsTheStatesOfExercisesApart(t *testing.T) {
	var out strings.Builder
	fine := Run(t.Context(), &out, gradetest.New(t).Four().Root)
	t.Log(out.String())
	require.True(t, fine, "exercises that are not done leave the machine fine")
	_, exercises, found := strings.Cut(out.String(), "\nExercises ")
	require.True(t, found)
	require.Contains(t, exercises, ""+
		"   1.1  done             finish it\n"+
		"   1.2  red              fail it\n"+
		"       one: F does not return 1\n"+
		"   1.3  not started      wait it\n"+
		"   1.4  does not compile stumble it\n"+
		"       step01-x/exercises/stumble/exercise.go:6:23: undefined: x\n"+
		"\n"+
		"Next: "+filepath.FromSlash("step01-x/exercises/fail/exercise.go")+"\n")
}

// What an exercise needs can't be had: its tests are not red, they can't run.
func TestRun_callsBrokenCodeElsewhereAProblem(t *testing.T) {
	for name, code := range map[string]string{
		"does not compile":        "package tool\n\nfunc F() int {\n",
		"needs a module, offline": "package tool\n\nimport _ \"example.test/gone\"\n\nfunc F() int { return 1 }\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOPROXY", "off")
			root := gradetest.New(t).Four().Root
			exercise := filepath.Join(root, "step01-x", "exercises", "finish", "exercise.go")
			text, err := os.ReadFile(exercise)
			require.NoError(t, err)
			changed := strings.Replace(string(text), "package finish\n", "package finish\n\nimport \"example.test/fake/tool\"\n", 1)
			changed = strings.Replace(changed, "return 1", "return tool.F()", 1)
			require.NoError(t, os.WriteFile(exercise, []byte(changed), 0o644))
			require.NoError(t, os.Mkdir(filepath.Join(root, "tool"), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(root, "tool", "tool.go"), []byte(code), 0o644))

			var out strings.Builder
			fine := Run(t.Context(), &out, root)
			require.False(t, fine, out.String())
			require.Contains(t, out.String(), "   1.1  cannot be run    finish it\nset-up          problem "+filepath.FromSlash("tool/tool.go:"))
		})
	}
}

func TestRun_needsTheRepository(t *testing.T) {
	var out strings.Builder
	require.False(t, Run(t.Context(), &out, ""))
	require.Contains(t, out.String(), "checkout        problem this folder is not the repository")
	require.Contains(t, out.String(), "loopback        OK")
}

func TestRun_worksWithoutExercises(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.test/empty\n\ngo 1.26\n"), 0o644))
	var out strings.Builder
	require.True(t, Run(t.Context(), &out, root), out.String())
	require.Contains(t, out.String(), "none in this checkout yet")
}
