package compare

import (
	"fmt"
	"html"
	"strings"
)

// Measures of the chart, in pixels.
const (
	chartWidth = 720
	labelWidth = 110 // left of the bars
	valueWidth = 190 // right of the longest
	barHeight  = 18
	barStep    = 24
	titleStep  = 34
)

// svgStyle takes the page's colours if the chart is part of a page: text by
// currentColor, bars by custom properties. As a picture of its own (svg:root) it
// follows the reader's choice of light or dark.
const svgStyle = `
.compare text { font: 14px system-ui, sans-serif; fill: currentColor }
.compare .load { font-weight: 600 }
.compare .peer { fill: var(--chart-peer, #8a94a3) }
.compare .ours { fill: var(--chart-ours, #2f7dd1) }
svg.compare:root { color: #1c1f23 }
@media (prefers-color-scheme: dark) { svg.compare:root { color: #e4e7eb } }
`

// svg draws the rows as bars, for the book.
func svg(rows []row) string {
	var bars strings.Builder
	y := 0
	byLoad(rows, func(load string, rows []row) {
		y += titleStep
		fmt.Fprintf(&bars, `<text class="load" x="0" y="%d">%s</text>`+"\n", y-10, html.EscapeString(load))
		most := longest(rows)
		for _, r := range rows {
			width := 0.0
			if most > 0 {
				width = r.ratio / most * (chartWidth - labelWidth - valueWidth)
			}
			class := "peer"
			if r.ours {
				class = "ours"
			}
			fmt.Fprintf(&bars, `<text x="0" y="%d">%s</text>`, y+barHeight-4, html.EscapeString(r.server))
			fmt.Fprintf(&bars, `<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`, class, labelWidth, y, width, barHeight)
			fmt.Fprintf(&bars, `<text x="%.1f" y="%d">%s</text>`+"\n", labelWidth+width+8, y+barHeight-4, r.valueText())
			y += barStep
		}
	})
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="compare" role="img" viewBox="0 0 %d %d">
<title>How many times cheaper each server is than %s</title>
<desc>By load: the ratio of processor time per request, for idle connections of memory. Longer is better.</desc>
<style>%s</style>
%s</svg>
`, chartWidth, y+8, NetHTTP.Name, svgStyle, bars.String())
}

// valueText is what stands behind a bar.
func (r row) valueText() string {
	if r.perSecond == 0 {
		return r.ratioText() + " times, " + r.memoryText() + " KiB"
	}
	return fmt.Sprintf("%s times, %.2f µs", r.ratioText(), r.cpu/1000)
}
