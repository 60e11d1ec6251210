package party

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// goleak sees to it that neither the clients nor the server leave a goroutine.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRun_findsNothingWrongWithTheChat(t *testing.T) {
	for _, engine := range []string{"goroutine", "poll"} {
		for name, rate := range map[string]float64{"rate 50": 50, "no limit": 0} {
			t.Run(engine+", "+name, func(t *testing.T) {
				rounds := 0
				result, err := Run(t.Context(), Options{
					Engine: engine, Duration: 1500 * time.Millisecond, Rounds: 2, Clients: 20, Seed: 1, Rate: rate, Drain: 300 * time.Millisecond,
					Progress: func(Round) { rounds++ },
				})
				require.NoError(t, err)
				assert.Empty(t, result.Faults)
				assert.Equal(t, 2, rounds)
				assert.Len(t, result.Rounds, 2)
				for _, kind := range Kinds {
					assert.Positive(t, result.Came[kind], kind)
				}
				assert.Greater(t, result.Heard, result.Said)
				assert.Positive(t, result.Asked)
			})
		}
	}
}

func TestRun_endsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := Run(ctx, Options{Engine: "goroutine", Duration: time.Hour, Clients: 5, Seed: 1})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestCheck_refuses(t *testing.T) {
	good := Options{Engine: "poll", Duration: 1, Clients: 1, Rate: leastRate}
	require.NoError(t, good.Check())
	for _, spoil := range []func(o *Options){
		func(o *Options) { o.Engine = "steam" },
		func(o *Options) { o.Duration = 0 },
		func(o *Options) { o.Clients = 0 },
		func(o *Options) { o.Rounds = -1 },
		func(o *Options) { o.Patience = -1 },
		func(o *Options) { o.Rate = 1 },
	} {
		o := good
		spoil(&o)
		require.Error(t, o.Check())
		_, err := Run(t.Context(), o)
		require.Error(t, err)
	}
}

func TestDraw_sharesMakeAHundred(t *testing.T) {
	total := 0
	for _, kind := range Kinds {
		assert.Positive(t, share[kind])
		total += share[kind]
	}
	assert.Equal(t, 100, total)
	assert.Len(t, share, len(Kinds))
}

func TestTag_isFoundInItsLine(t *testing.T) {
	for number := range uint32(1000) {
		want := tag{7 + number%2, number + 1}
		typed, shown := want.line(1)
		again, _ := want.line(1)
		got, ok := tagOf(shown)
		assert.True(t, ok)
		assert.Equal(t, want, got)
		assert.Equal(t, typed, again)
		assert.True(t, safe(shown))
		assert.NotContains(t, typed, "\n")
	}
	for _, text := range []string{"", "hello", "~", "~1", "~1.", "~.1 ", "~a.b c"} {
		_, ok := tagOf(text)
		assert.False(t, ok, text)
	}
}

func TestWrite_tellsRoundsClientsAndFaults(t *testing.T) {
	r := &Result{
		Came: map[Kind]int{Talks: 7}, Said: 9, Heard: 90, Missed: 3, Refused: 2, Asked: 5, Slowest: 1234567 * time.Nanosecond,
		Rounds: []Round{{Number: 1, Clients: 12, Memory: 1 << 20}, {Number: 2, Clients: 25, Goroutines: 1, Files: 2, Memory: 2 << 20}},
	}
	text := func() string {
		var b bytes.Buffer
		require.NoError(t, r.Write(&b))
		return b.String()
	}
	assert.Regexp(t, `(?m)^ +2 +25 +1 +2 +2.00 MiB$`, text())
	assert.Regexp(t, `(?m)^ +7 talked`, text())
	assert.Contains(t, text(), "9 lines were said, and heard 90 times; 3 messages were missed, and that was told; 2 lines were refused.")
	assert.Contains(t, text(), "5 commands were answered, each within 1ms.")
	assert.Contains(t, text(), "No fault was found.")
	r.Faults, r.FaultCount = []string{"something"}, 12
	assert.Contains(t, text(), "12 faults, of which the first are:\n- something\n")
}
