package measure

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step05-select/designs/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSummary_isTheMedianAndTheMostOfWhatWasLost(t *testing.T) {
	rounds := []figures{
		{perSecond: 3, p99: 30, max: 300, lost: 0, threads: 7, pauses: server.Stats{GC: server.Pauses{Count: 1, P99: 0.1, Max: 9}}},
		{perSecond: 1, p99: 10, max: 900, lost: 5, threads: 5, pauses: server.Stats{GC: server.Pauses{Count: 3, P99: 0.3, Max: 1}}},
		{perSecond: 2, p99: 20, max: 100, lost: 1, threads: 6, pauses: server.Stats{GC: server.Pauses{Count: 2, P99: 0.2, Max: 2}}},
	}
	assert.Equal(t, figures{
		perSecond: 2, p99: 20, max: 300, lost: 5, threads: 6, pauses: server.Stats{GC: server.Pauses{Count: 2, P99: 0.2, Max: 2}},
	}, summary(rounds))
	assert.Equal(t, figures{}, summary(nil))
}

func table(t *testing.T, o Options) string {
	designs := []contestant{{name: "node", missing: "node is not installed"}, {name: "poll"}, {name: "thread"}}
	results := map[key]figures{
		{flood, "poll"}:   {perSecond: 4_200_000, cpu: 250, pauses: server.Stats{GC: server.Pauses{Count: 6, P99: 0.01, Max: 0.02, Share: 0.015}}},
		{talk, "poll"}:    {p50: 5 * time.Millisecond, p99: 20 * time.Millisecond},
		{idle, "poll"}:    {memory: 1229, threads: 6},
		{flood, "thread"}: {perSecond: 1_400_000, lost: 3},
		{busy, "thread"}:  {p99: 12 * time.Millisecond, max: 20 * time.Millisecond, answer: 160 * time.Millisecond},
	}
	var out bytes.Buffer
	require.NoError(t, writeTable(&out, designs, results, o, true))
	return out.String()
}

func TestTable_hasAColumnForEachDesign(t *testing.T) {
	text := table(t, Options{Clients: 1000, Window: 3 * time.Second, Rounds: 3})
	assert.Contains(t, text, "Median of 3 rounds of 3s")
	assert.Regexp(t, `node +poll +thread`, text)
	assert.Regexp(t, `100 clients, 10 flood: million deliveries/s +- +4\.20 +1\.40`, text)
	assert.Regexp(t, `pauses for garbage collection a second +- +2\.0 +0\.0`, text)
	assert.Regexp(t, `they last, p99 / longest: ms +- +0\.01 / 0\.02 +-`, text)
	assert.Regexp(t, `1000 talk, 100 messages/s: p50 / p99 ms +- +5\.00 / 20\.00 +-`, text)
	assert.Regexp(t, `memory of an idle client: KiB +- +1\.2 +-`, text)
	assert.Regexp(t, `one computes for 100 ms: p99 / longest ms +- +- +12\.00 / 20\.00`, text)
	assert.Regexp(t, `it has its answer after: ms +- +- +160`, text)
	assert.Contains(t, text, "\nnode was not measured: node is not installed.\n")
	assert.Contains(t, text, "\nthread has lost 3 deliveries (flood).\n")
}

func TestTable_isMarkdownForAChapter(t *testing.T) {
	text := table(t, Options{Clients: 1000, Window: 3 * time.Second, Rounds: 3, Markdown: true})
	lines := strings.Split(text, "\n")
	assert.Equal(t, "|  | node | poll | thread |", lines[0])
	assert.Equal(t, "| :-- | --: | --: | --: |", lines[1])
	assert.Equal(t, "| 100 clients, 10 flood: million deliveries/s | - | 4.20 | 1.40 |", lines[2])
}

func TestChosen_knowsTheDesigns(t *testing.T) {
	all := []contestant{{name: "a"}, {name: "b"}, {name: "c"}}
	some, err := chosen(all, []string{"c", "a"})
	require.NoError(t, err)
	assert.Equal(t, []contestant{all[2], all[0]}, some)
	some, err = chosen(all, nil)
	require.NoError(t, err)
	assert.Equal(t, all, some)
	_, err = chosen(all, []string{"d"})
	assert.EqualError(t, err, `there is no design "d"`)
}

func TestRun_endsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Run(ctx, new(bytes.Buffer), Options{Clients: 20, Window: time.Hour, Rounds: 1, Only: []string{"poll"}})
	assert.True(t, errors.Is(err, context.Canceled), "%v", err)
}
