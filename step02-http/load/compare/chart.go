package compare

import "strings"

// barWidth is how many characters the longest bar has.
const barWidth = 30

// eighths are bars of one to seven eighths of a character.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// bars draws the ratios of some rows, a bar each, by one scale.
func bars(rows []row) []string {
	most := longest(rows)
	var all []string
	for _, r := range rows {
		parts := 0
		if most > 0 {
			parts = int(r.ratio / most * barWidth * 8)
		}
		bar := strings.Repeat("█", parts/8)
		if parts%8 > 0 {
			bar += string(eighths[parts%8])
		}
		all = append(all, bar)
	}
	return all
}

// longest returns the greatest ratio.
func longest(rows []row) (most float64) {
	for _, r := range rows {
		most = max(most, r.ratio)
	}
	return most
}
