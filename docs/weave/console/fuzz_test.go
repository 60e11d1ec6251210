package console

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever may vary in a line, the line itself is one of its variants.
func FuzzCompile_aLineMatchesItself(f *testing.F) {
	f.Add("2026/01/02 03:04:05 took 1.5ms on 127.0.0.1:8080, then 127.0.0.1:8081 and 127.0.0.1:8080")
	f.Add("ok  \texample.com/a\t(cached)")
	f.Add("BenchmarkA/size=10-8  100  12.5 ns/op  0 B/op")
	f.Add("goroutine 7 [running]: main.go:12:3 +0x1d \xff")
	vary := []*regexp.Regexp{regexp.MustCompile(`\d+ req/s`), regexp.MustCompile(`"[a-z]*"`)}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "\n") {
			t.Skip("not one line")
		}
		_, same := compile(line, vary).match(normalize(line), nil)
		require.True(t, same, "%q", line)
	})
}

func FuzzParseUsage_bringsOnlyAddresses(f *testing.F) {
	f.Add("  -addr address\n    \tlisten (default \"127.0.0.1:8080\")\n  -n int\n    \t(default 5)\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, flag := range parseUsage(text) {
			require.NotEmpty(t, flag.name)
			require.Regexp(t, `:\d{4,5}`, flag.address)
		}
	})
}
