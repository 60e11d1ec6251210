package measure

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An idler is a server that serves nobody.
type idler struct{}

func (idler) Serve(ctx context.Context, listener net.Listener) error {
	<-ctx.Done()
	return listener.Close()
}

// fake is a subject whose figures are known before.
func fake(step string, kind *kind, figures ...float64) subject {
	of := *kind
	of.measure = func(context.Context, string) (figure float64, err error) {
		if len(figures) == 0 {
			return 0, errors.New("it is broken")
		}
		figure, figures = figures[0], figures[1:]
		return figure, nil
	}
	return subject{step, "a server", &of, func() server { return idler{} }}
}

func TestRun_reportsMediansAndRatiosGroupByGroup(t *testing.T) {
	r := newRun([]subject{fake("2", answers, 100, 300, 200), fake("3", answers, 50, 10, 400), fake("4", talk, 7, 7, 7), fake("5", talk)})
	var all []report
	var doing []string
	for {
		rep, err := r.next(t.Context())
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
		all = append(all, rep)
		doing = append(doing, rep.Doing[:min(1, len(rep.Doing))])
	}
	require.Equal(t, []string{"2", "3", "4", "5", "3", "4", "5", "2", "4", "5", "2", "3", ""}, doing, "another one begins in each round")
	require.Zero(t, all[0].Done)
	require.Zero(t, all[0].Groups[0].Rows[0].Median, "the first report comes before anything is known")
	require.Equal(t, report{Done: 12, All: 12, Groups: []group{
		{Name: answers.figure, Load: answers.load, Rows: []row{
			{Step: "2", Name: "a server", Rounds: []float64{100, 300, 200}, Median: 200, Ratio: 1},
			{Step: "3", Name: "a server", Rounds: []float64{50, 10, 400}, Median: 50, Ratio: .25},
		}},
		{Name: talk.figure, Load: talk.load, Rows: []row{
			{Step: "4", Name: "a server", Rounds: []float64{7, 7, 7}, Median: 7, Ratio: 1},
			{Step: "5", Name: "a server", Rounds: []float64{}, Problem: "it is broken"},
		}},
	}}, all[len(all)-1])
}

func TestRun_canBeAskedAgainWhenItWasInterrupted(t *testing.T) {
	r := newRun([]subject{fake("2", answers, 1, 2, 3)})
	_, err := r.next(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = r.next(ctx)
	require.ErrorIs(t, err, context.Canceled)
	rep, err := r.next(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, rep.Done)
	require.Equal(t, []float64{2}, rep.Groups[0].Rows[0].Rounds, "what was interrupted does not count")
}

// The servers and the load generators are the real ones: one round of all of them.
func TestSubjects_canAllBeMeasured(t *testing.T) {
	require.Len(t, subjects, 6)
	for _, s := range subjects {
		figure, err := s.measure(t.Context())
		require.NoError(t, err, "%s, %s", s.step, s.name)
		require.Greater(t, figure, 100.0, "%s, %s: %s", s.step, s.name, s.kind.figure)
	}
}

func TestSubjects_aWrongServerIsNoFigure(t *testing.T) {
	silent := subject{"2", "a server that closes at once", answers, func() server { return closer{} }}
	_, err := silent.measure(t.Context())
	require.ErrorContains(t, err, "did not come")
}

// A closer closes each connection that comes.
type closer struct{}

func (closer) Serve(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return nil
		}
		conn.Close()
	}
}
