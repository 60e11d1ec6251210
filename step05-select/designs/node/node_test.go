package node

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/load/process"
	"example.com/async/step05-select/designs/designtest"
)

func TestNode_isTheSameRoom(t *testing.T) {
	folder := t.TempDir()
	if err := Install(folder); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct {
		name string
		args []string
	}{{"node", nil}, {"node, pool", []string{"-pool"}}} {
		t.Run(test.name, func(t *testing.T) {
			started, err := process.Start(t.Context(), folder, process.Program{
				Name: "node", Package: Script, Args: test.args, Greeting: regexp.MustCompile(`chat server on (\S+)`),
			}, process.Cores{})
			require.NoError(t, err)
			defer started.Stop()
			designtest.TestRoom(t, started.Address, designtest.Room{Overtaken: test.args != nil})
		})
	}
}
