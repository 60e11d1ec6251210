package pin_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/pin"
)

func TestVet_findsTheCopiesOfWhatIsGuarded(t *testing.T) { compareVet(t, "copies") }

func TestVet_findsTheCopiesOfFutures(t *testing.T) { compareVet(t, "futures") }

// compareVet runs go vet on the package testdata/NAME, and compares what it says with the
// comments there.
func compareVet(t *testing.T, name string) {
	source, err := os.ReadFile("testdata/" + name + "/" + name + ".go")
	require.NoError(t, err)
	want := make(map[int]string)
	for i, line := range strings.Split(string(source), "\n") {
		if _, message, found := strings.Cut(line, "// vet: "); found {
			want[i+1] = message
		}
	}
	require.NotEmpty(t, want)

	said, err := exec.Command("go", "vet", "-copylocks", "./testdata/"+name).CombinedOutput()
	require.Error(t, err, "vet is content")
	found := make(map[int]string)
	for _, match := range regexp.MustCompile(name+`\.go:(\d+):\d+: (.*)`).FindAllStringSubmatch(string(said), -1) {
		line, err := strconv.Atoi(match[1])
		require.NoError(t, err)
		message, _, _ := strings.Cut(match[2], ": ") // behind it is where the guard is
		found[line] = message
	}
	require.Equal(t, want, found, "%s", said)
}

func TestGuard_takesNoRoomUnlessItIsTheLastField(t *testing.T) {
	type last struct {
		line  pin.Line
		guard struct{} // a noCopy is one, with methods
	}
	word := unsafe.Sizeof(uintptr(0))
	require.Equal(t, unsafe.Sizeof(pin.Line{}), unsafe.Sizeof(pin.GuardedLine{}))
	require.Equal(t, unsafe.Sizeof(pin.Line{})+word, unsafe.Sizeof(last{pin.Line{}, struct{}{}}), "an address behind it must be within the struct")
	require.Equal(t, unsafe.Sizeof(pin.Line{})+word, unsafe.Sizeof(pin.CheckedLine{}))
}
