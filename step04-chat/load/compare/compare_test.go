package compare

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step04-chat/load/generator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// someSamples are three rounds of all loads and servers: step 4 delivers 20 times as much as the article's, the
// others twice as much, and the textbook's freezes once when somebody doesn't read.
func someSamples() map[key][]figures {
	speed := map[string]float64{"step 4": 20, Naive.Name: 1}
	samples := make(map[key][]figures)
	for _, l := range loads {
		for _, s := range Servers {
			times := max(speed[s.Name], 1)
			if speed[s.Name] == 0 {
				times = 2
			}
			for round, drift := range []float64{1, 3, 0.5} { // a machine that became slow, then fast
				f := figures{
					perSecond: 100_000 * times / drift, cpu: 2000 / times * drift, busy: 0.9,
					p50: time.Millisecond, p99: 2 * time.Millisecond, last: 3 * time.Millisecond, lost: float64(round), growth: 1 << 20,
					frozen: s.Name == "the textbook's" && l.stalled > 0 && round == 1,
				}
				switch l.kind {
				case crowd:
					f.clients, f.seated, f.lastP50 = 300, 20*time.Millisecond, 1500*time.Microsecond
				case idle:
					f = figures{memory: 24 << 10 / times * drift}
				}
				samples[key{l.name, s.Name}] = append(samples[key{l.name, s.Name}], f)
			}
		}
	}
	return samples
}

func TestTabulate_tellsMediansAsRatiosToTheArticles(t *testing.T) {
	rows := tabulate(Servers, someSamples())
	require.Len(t, rows, len(loads)*len(Servers))
	for i, r := range rows {
		assert.Equal(t, loads[i/len(Servers)].name, r.load)
		assert.Equal(t, Servers[i%len(Servers)].Name, r.server)
	}
	assert.InDelta(t, 20, rows[0].ratio, 1e-9)
	assert.InDelta(t, 2e6, rows[0].perSecond, 1e-9)
	assert.InDelta(t, 100, rows[0].cpu, 1e-9)
	assert.InDelta(t, 2, rows[0].lost, 1e-9, "the most of all rounds")
	idle := rows[len(rows)-len(Servers)]
	assert.InDelta(t, 20, idle.ratio, 1e-9, "a twentieth of the memory")
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
	for _, s := range Servers {
		assert.Equal(t, len(loads), len(regexp.MustCompile(`(?m)^ *`+s.Name+`  `).FindAllString(out.String(), -1)), s.Name)
	}
	assert.Contains(t, out.String(), "Median of 3 rounds of 1s. Server and generator have one processor core each.")
	assert.Regexp(t, `step 4 +2000000 +20\.00 +0\.10 +90 % +1\.00 +2\.00 +3\.00 +2 +1\.0\n`, out.String())
	assert.Regexp(t, `the textbook's +frozen +2\.00 `, out.String())
	for line := range strings.Lines(out.String()) {
		assert.Less(t, len([]rune(line)), 150)
	}
}

func TestMarkdown_isATableForEachKindOfLoad(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, writeMarkdown(&out, tabulate(Servers, someSamples())))
	tables := strings.Split(strings.TrimSpace(out.String()), "\n\n")
	require.Len(t, tables, 3)
	for i, rows := range []int{(len(loads) - 2) * len(Servers), len(Servers), len(Servers)} {
		lines := strings.Split(tables[i], "\n")
		require.Len(t, lines, 2+rows)
		for _, line := range lines {
			assert.Equal(t, strings.Count(lines[0], "|"), strings.Count(line, "|"), line)
		}
	}
	assert.Contains(t, out.String(), "| 100 clients, 10 flood, 64 messages in flight | step 4 | 2000000 | 20.00 | 0.10 | 90 % | 1.00 | 2.00 | 3.00 | 2 | 1.0 |\n")
	assert.Contains(t, out.String(), "| a crowd, 1 talks, 2 messages a second | step 4 | 300 | 20 | 1.50 | 3.00 | 2 |\n")
	assert.Contains(t, out.String(), "| idle clients | step 4 | 1.2 | 20.00 |\n|  | step 4, mutex | 12.0 | 2.00 |\n")
}

func TestFigures_thatAreUnknownAreNotTold(t *testing.T) {
	r := row{kind: idle}
	assert.Equal(t, []string{unknown, unknown}, r.cells())
	r.kind = crowd
	assert.Equal(t, []string{unknown, unknown, unknown, unknown, "0"}, r.cells())
	r.kind = talk
	assert.Equal(t, []string{"0", unknown, unknown, unknown, unknown, unknown, unknown, "0", "0.0"}, r.cells())
}

func TestFault_isWhatNoServerMayDo(t *testing.T) {
	assert.NoError(t, fault(&generator.Result{Lost: 7, Told: 7}))
	assert.ErrorContains(t, fault(&generator.Result{Late: 1}), "1 messages came late")
	assert.ErrorContains(t, fault(&generator.Result{Gone: map[string]int{"EOF": 1}}), "EOF:1")
}

func TestOptions_boundTheRounds(t *testing.T) {
	for rounds, ok := range map[int]bool{0: false, 1: true, 100: true, 101: false} {
		assert.Equal(t, ok, (&Options{Rounds: rounds}).Check() == nil, "%d rounds", rounds)
	}
}
