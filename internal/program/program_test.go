package program

import (
	"bytes"
	"flag"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParse_saysInOneLineWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		args   string
		stderr string
	}{
		{"-addr 127.0.0.1:0", ""},
		{"-max many", `go run ./step: invalid value "many" for flag -max: parse error; -h lists the flags` + "\n"},
		{"-port 1", "go run ./step: flag provided but not defined: -port; -h lists the flags\n"},
		{"8080", `go run ./step: unexpected argument "8080"; -h lists the flags` + "\n"},
	} {
		var stdout, stderr bytes.Buffer
		status, done := parse(newFlags(), "It serves.", strings.Fields(test.args), &stdout, &stderr)
		assert.Equal(t, test.stderr, stderr.String())
		assert.Empty(t, stdout.String())
		assert.Equal(t, test.stderr != "", done)
		if done {
			assert.Equal(t, 2, status)
		}
	}
}

func TestParse_helpGoesToStdout(t *testing.T) {
	var stdout, stderr bytes.Buffer
	status, done := parse(newFlags(), "It serves.", []string{"-h"}, &stdout, &stderr)
	assert.True(t, done)
	assert.Equal(t, 0, status)
	assert.Empty(t, stderr.String())
	assert.Contains(t, stdout.String(), "It serves.\n\nusage: go run ./step [flags]\n  -addr string\n")
}

func newFlags() *flag.FlagSet {
	flags := flag.NewFlagSet("go run ./step", flag.ExitOnError)
	flags.String("addr", "127.0.0.1:8080", "the address to listen on")
	flags.Int("max", 0, "how many")
	return flags
}
