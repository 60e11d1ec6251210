package doctor

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/grade"
)

var linux = grade.Environment{GOVERSION: "go1.26.1", GOOS: "linux", GOARCH: "amd64", CGO_ENABLED: "1", CC: "gcc"}

func TestJudge(t *testing.T) {
	old, devel, mac, windows := linux, linux, linux, linux
	old.GOVERSION = "go1.25.4"
	devel.GOVERSION = "devel go1.27-abc"
	mac.GOOS, windows.GOOS = "darwin", "windows"
	needsCgo := errors.New("go: -race requires cgo; enable cgo by setting CGO_ENABLED=1")
	notThere := errors.New("executable file not found")

	tests := []struct {
		name     string
		finding  finding
		severity severity
		says     string // in the text or in what to do
	}{
		{"Go is new enough", judgeGo(linux, nil), good, "go1.26.1 linux/amd64"},
		{"Go is from its developers", judgeGo(devel, nil), good, "devel"},
		{"Go is too old", judgeGo(old, nil), problem, "go1.25.4 is too old"},
		{"Go is missing", judgeGo(grade.Environment{}, notThere), problem, "https://go.dev/dl/"},

		{"the repository is here", judgeCheckout("/home/me/async"), good, "/home/me/async"},
		{"the repository is elsewhere", judgeCheckout(""), problem, "change to the folder"},

		{"the loopback works", judgeLoopback(nil), good, "half-closed"},
		{"the loopback is forbidden", judgeLoopback(errors.New("cannot dial a port that is open")), problem, "firewall"},

		{"files without a limit", judgeOpenFiles(math.MaxInt), good, "no limit"},
		{"files in plenty", judgeOpenFiles(1 << 20), good, "1048576 at once"},
		{"files just enough", judgeOpenFiles(10_100), good, "10100"},
		{"files too few", judgeOpenFiles(1024), note, "will reach about 924"},
		{"files hardly any", judgeOpenFiles(20), note, "will reach about 0"},

		{"nc is there", judgeNetcat("/usr/bin/nc", nil, nil), good, "/usr/bin/nc"},
		{"nc does not half-close", judgeNetcat("/usr/bin/nc", nil, errors.New("it does not tell")), note, "nc -N"},
		{"nc is missing", judgeNetcat("", notThere, nil), note, "go run ./docs nc"},

		{"a port is free", judgePort("8080", "a server", nil), good, "free"},
		{"a port is taken", judgePort("8080", "a server", errors.New("in use")), note, "perhaps by a server"},

		{"race on Linux", judgeRace(linux, nil, nil), good, "gcc"},
		{"race on Linux without a compiler", judgeRace(linux, nil, notThere), note, "install gcc or clang"},
		{"race on Linux without a compiler, which switches cgo off", judgeRace(linux, needsCgo, notThere), note, "install gcc or clang"},
		{"race on Linux with cgo switched off", judgeRace(linux, needsCgo, nil), note, "CGO_ENABLED=1"},
		{"race on macOS needs no compiler", judgeRace(mac, nil, notThere), good, "usable"},
		{"race on Windows without a compiler", judgeRace(windows, needsCgo, notThere), note, "MinGW"},
		{"race on a processor without it", judgeRace(linux, errors.New("-race is not supported on linux/386"), nil), note, "not supported on linux/386"},
		{"race without Go", judgeRace(grade.Environment{}, notThere, notThere), note, "unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.severity, test.finding.severity)
			require.Contains(t, test.finding.text+"\n"+test.finding.todo, test.says)
			if test.finding.severity == problem {
				require.NotEmpty(t, test.finding.todo, "a problem without a way out")
			}
		})
	}
}

func TestFinding_printsWhatToDoBelow(t *testing.T) {
	var out strings.Builder
	finding{"nc", good, "/usr/bin/nc", ""}.print(&out)
	finding{"open files", note, "20 at once", "raise it"}.print(&out)
	require.Equal(t, ""+
		"nc              OK      /usr/bin/nc\n"+
		"open files      note    20 at once\n"+
		"                        raise it\n", out.String())
}
