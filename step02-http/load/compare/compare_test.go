package compare

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// someSamples are three rounds of all loads and servers: under each load, step 2 costs
// half of net/http, fasthttp two thirds, no parsing a third.
func someSamples() map[key][]figures {
	cost := map[string]float64{Step2.Name: 1. / 2, NetHTTP.Name: 1, "fasthttp": 2. / 3, "no parsing": 1. / 3}
	samples := make(map[key][]figures)
	for _, l := range loads {
		for server, share := range cost {
			for _, drift := range []float64{1, 3, 0.5} { // a machine that became slow, then fast
				f := figures{perSecond: 50_000 / drift, cpu: 9000 * share * drift, busy: 0.9, p50: time.Millisecond, p99: 2 * time.Millisecond}
				if l.idle {
					f = figures{memory: 24 << 10 * share * drift}
				}
				samples[key{l.name, server}] = append(samples[key{l.name, server}], f)
			}
		}
	}
	return samples
}

func TestTabulate_tellsMediansAsRatiosToNetHTTP(t *testing.T) {
	rows := tabulate(Servers, someSamples())
	require.Len(t, rows, len(loads)*len(Servers))
	for i, r := range rows {
		assert.Equal(t, loads[i/len(Servers)].name, r.load)
		assert.Equal(t, Servers[i%len(Servers)].Name, r.server)
		want := map[string]float64{Step2.Name: 2, NetHTTP.Name: 1, "fasthttp": 1.5, "no parsing": 3}[r.server]
		assert.InDelta(t, want, r.ratio, 1e-9, "%s, %s", r.load, r.server)
	}
	assert.InDelta(t, 4500, rows[0].cpu, 1e-9)
	assert.InDelta(t, 50_000, rows[0].perSecond, 1e-9)
}

func TestMedian_isOneThatWasMeasured(t *testing.T) {
	of := func(f figures) float64 { return f.cpu }
	assert.Equal(t, 0., median(nil, of))
	assert.Equal(t, 2., median([]figures{{cpu: 3}, {cpu: 1}, {cpu: 2}}, of))
	assert.Equal(t, 1., median([]figures{{cpu: 3}, {cpu: 1}}, of))
}

func TestText_hasALineForEachServerUnderEachLoad(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, writeText(&out, tabulate(Servers, someSamples()), true, timing{rounds: 3, window: time.Second}))
	for _, c := range Servers {
		assert.Equal(t, len(loads), strings.Count(out.String(), " "+c.Name+" "), c.Name)
	}
	assert.Contains(t, out.String(), "Median of 3 rounds of 1s. Server and generator have one processor core each.")
	assert.Contains(t, out.String(), "no parsing       50000            3.00  90 %   1.000   2.000           3.00  "+strings.Repeat("█", barWidth)+"\n")
	assert.Contains(t, out.String(), "net/http            24.0           1.00  "+strings.Repeat("█", barWidth/3)+"\n")
	for line := range strings.Lines(out.String()) {
		assert.Less(t, len([]rune(line)), 120)
	}
}

func TestMarkdown_isOneTable(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, writeMarkdown(&out, tabulate(Servers, someSamples())))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2+len(loads)*len(Servers))
	for _, line := range lines {
		assert.Equal(t, strings.Count(lines[0], "|"), strings.Count(line, "|"), line)
	}
	assert.Equal(t, "| keep-alive, 64 connections | step 2 | 50000 | 4.50 | 90 % | 1.000 | 2.000 | 2.00 | - |", lines[2])
	assert.Equal(t, "| idle connections | no parsing | - | - | - | - | - | 3.00 | 8.0 |", lines[len(lines)-1])
}

func TestSVG_isWellFormedAndHasABarForEach(t *testing.T) {
	picture := svg(tabulate(Servers, someSamples()))
	elements := make(map[string]int)
	for decoder := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			elements[start.Name.Local]++
		}
	}
	assert.Equal(t, len(loads)*len(Servers), elements["rect"])
	assert.Equal(t, len(loads), strings.Count(picture, `class="ours"`))
	assert.Contains(t, picture, "4.50 µs")
	assert.Contains(t, picture, "prefers-color-scheme: dark")
}

func TestFigures_thatAreUnknownAreNotTold(t *testing.T) {
	r := row{key: key{"idle connections", Step2.Name}}
	assert.Equal(t, []string{unknown, unknown}, r.cells())
	assert.NotContains(t, svg([]row{r}), "NaN")
	assert.Equal(t, []string{""}, bars([]row{r}))
}
