package console

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// expecting makes an expectation of lines, separated by newlines.
func expecting(b block, lines string) expectation {
	return newExpectation(step{line: 1, lines: strings.Split(lines, "\n")}, b, false)
}

func TestMatch_waitsWhileMoreOutputCouldHelp(t *testing.T) {
	for name, c := range map[string]struct {
		b         block
		want, got string
		verdict   verdict
	}{
		"the beginning has come":             {block{}, "a\nb", "a", needMore},
		"the beginning is wrong":             {block{}, "a\nb", "b", differs},
		"more than expected is for later":    {block{}, "a", "a\nb", matches},
		"behind a skip anything may come":    {block{}, "...\nb", "x\ny", needMore},
		"between skips the order holds":      {block{}, "...\na\n...\nb", "b\na", needMore},
		"a skip may be empty":                {block{}, "a\n...\nb", "a\nb", matches},
		"any order, one is missing":          {block{order: anyOrder}, "a\nb", "b", needMore},
		"any order, a stranger":              {block{order: anyOrder}, "a\nb", "c", differs},
		"any order, one twice":               {block{order: anyOrder}, "a\nb", "a\na", differs},
		"any order, strangers may be there":  {block{order: anyOrder}, "...\na\nb", "c\nb\nd\na", matches},
		"any order, the pattern fits two":    {block{order: anyOrder}, "at 10:00:00\nat 10:00:01", "at 09:00:00\nat 09:00:00", matches},
		"any order, ports decide who is who": {block{order: anyOrder}, "[::1]:4001 a\n[::1]:4002 b\n[::1]:4001 c", "[::1]:6002 b\n[::1]:6001 c\n[::1]:6001 a", matches},
	} {
		t.Run(name, func(t *testing.T) {
			r := expecting(c.b, c.want).match(strings.Split(c.got, "\n"), nil)
			require.Equal(t, c.verdict, r.verdict, r.reason)
		})
	}
}

func TestMatch_givesUpOnAnEndlessSearch(t *testing.T) {
	want := strings.Repeat("...\n"+"at 10:00:00\n", 12) + "never"
	got := strings.Split(strings.Repeat("at 10:00:00\n", 60), "\n")
	r := expecting(block{}, want).match(got, nil)
	require.Equal(t, differs, r.verdict)
	require.Contains(t, r.reason, "too many ways")
}

func TestPattern_letsOnlyTheVariablePartsDiffer(t *testing.T) {
	for _, c := range []struct {
		shown, real string
		same        bool
	}{
		{"ok  \texample.com/a\t0.012s", "ok  \texample.com/a\t(cached)", true},
		{"ok  \texample.com/a\t0.012s", "ok  \texample.com/b\t0.012s", false},
		{"--- PASS: TestA (0.00s)", "--- PASS: TestA (1.25s)", true},
		{"--- PASS: TestA (0.00s)", "--- FAIL: TestA (0.00s)", false},
		{"BenchmarkA-8  100  12.5 ns/op  0 B/op", "BenchmarkA-2  90000  1250 ns/op  16 B/op", true},
		{"BenchmarkA-8  100  12.5 ns/op", "BenchmarkA 100 12.5 ns/op", true},
		{"BenchmarkA-8  100  12.5 ns/op", "BenchmarkB-8  100  12.5 ns/op", false},
		{"idle=5s took=1.5s", "idle=5s took=3ms", true},
		{"idle=5s took=1.5s", "idle=6s took=1.5s", false},
		{"time=2026-01-02T03:04:05.678Z level=INFO", "time=2027-11-12T13:14:15.161+02:00 level=INFO", true},
		{"Date: Fri, 02 Jan 2026 03:04:05 GMT", "Date: Sat, 03 Jan 2026 03:04:05 GMT", true},
		{"goroutine 7 [running]", "goroutine 18 [running]", true},
		{"    case_test.go:12: no answer", "    case_test.go:345: no answer", true},
		{"    case_test.go:12: no answer", "    case.go:12: no answer", false},
		{"7 goroutines", "8 goroutines", false},
		{"trailing space", "trailing   space \r", true},
	} {
		_, same := compile(c.shown, nil).match(normalize(c.real), nil)
		require.Equal(t, c.same, same, "%q and %q", c.shown, c.real)
	}
}

func TestBindings_giveAPortThatIsFreeAndAsLong(t *testing.T) {
	var ports bindings
	got, err := ports.command("nc 127.0.0.1 8080; curl http://localhost:8080/ http://127.0.0.1:12345/ --max-time 8080")
	require.NoError(t, err)
	require.Len(t, ports, 2)
	require.Len(t, ports[0].real, 4)
	require.Len(t, ports[1].real, 5)
	require.Equal(t, "nc 127.0.0.1 "+ports[0].real+"; curl http://localhost:"+ports[0].real+
		"/ http://127.0.0.1:"+ports[1].real+"/ --max-time 8080", got)
	require.Equal(t, "at 127.0.0.1:8080", ports.asShown("at 127.0.0.1:"+ports[0].real))
}

func TestAddrFlags_areReadFromUsageAndAddedWhereTheyBelong(t *testing.T) {
	flags := parseUsage(`Usage of chat:
  -addr address
    	listen on this address (default "127.0.0.1:8080")
  -capacity int
    	messages (default 100)
  -target string
    	whom to load (default "http://127.0.0.1:8080/")
  -web string
    	page (default ":8081")
`)
	require.Equal(t, []addrFlag{{"addr", "127.0.0.1:8080"}, {"target", "http://127.0.0.1:8080/"}, {"web", ":8081"}}, flags)

	addr := flags[0]
	require.True(t, addr.belongsIn(""))
	require.True(t, addr.belongsIn(" -capacity 5"))
	require.True(t, addr.belongsIn(" | head -addr"))
	require.False(t, addr.belongsIn(" -addr :0"))
	require.False(t, addr.belongsIn(" --addr=:0"))
	require.False(t, addr.belongsIn(" nc 127.0.0.1:8080"), "after a subcommand no flag may come")
	require.False(t, addr.belongsIn(" -h"))
}
