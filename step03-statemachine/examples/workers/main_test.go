package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow_pollsEachTaskAsOftenOnAnyNumberOfWorkers(t *testing.T) {
	var out strings.Builder
	show(&out, 3)
	require.Contains(t, out.String(), "on 1 worker(s): 2000 polls\n   worker 0: 2000\n")
	require.Contains(t, out.String(), "on 3 worker(s): 2000 polls\n")
	require.Contains(t, out.String(), "With 3 workers, they are: true\n")

	_, several, _ := strings.Cut(out.String(), "on 3 worker(s)")
	sum := 0
	for worker, match := range regexp.MustCompile(`worker (\d): (\d+)\n`).FindAllStringSubmatch(several, -1) {
		require.Equal(t, fmt.Sprint(worker), match[1])
		polls, err := strconv.Atoi(match[2])
		require.NoError(t, err)
		sum += polls
	}
	require.Equal(t, tasks*turns, sum)
}
