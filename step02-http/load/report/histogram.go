package report

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// barWidth is how many characters the longest bar has: a line fits into 80.
const barWidth = 50

// Histogram draws how many of the times, in microseconds, lie in which range. The bounds of the
// ranges are 1, 2, 5, 10, 20 and so on, because times differ by factors rather
// than by amounts: on an even scale, one slow answer would push all others
// into one bar.
func Histogram(h *hdrhistogram.Histogram) string {
	bounds := boundsUpTo(h.Max())
	counts := make([]int64, len(bounds))
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			// Times are known to 0.1 %: one on a bound may be counted below it.
			counts[sort.Search(len(bounds), func(i int) bool { return bar.From < bounds[i] })] += bar.Count
		}
	}
	first, most := len(counts), int64(1)
	for i, n := range counts {
		if n > 0 {
			first, most = min(first, i), max(most, n)
		}
	}
	var b strings.Builder
	for i := first; i < len(counts); i++ {
		width := int((counts[i]*barWidth + most - 1) / most) // what is there is seen
		line := fmt.Sprintf("under %6s %9d  %s", time.Duration(bounds[i])*time.Microsecond, counts[i], strings.Repeat("█", width))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// boundsUpTo returns 1, 2, 5, 10 and so on, up to the first that is above highest.
func boundsUpTo(highest int64) []int64 {
	bounds := []int64{1}
	for i := 0; bounds[i] <= highest; i++ {
		factors := [...]int64{2, 5, 10}
		power := int64(1)
		for range i / 3 {
			power *= 10
		}
		bounds = append(bounds, power*factors[i%3])
	}
	return bounds
}
