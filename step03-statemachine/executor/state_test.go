package executor

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tables are what people read and what the chapter shows, so they have to be what the code does: each
// cell is compared with what the transition returns, and a cell that is not there with "-".
func TestState_tableAboveTheCodeIsTrue(t *testing.T) {
	transitions := map[string]transition{
		"wake": state.wake, "abort": state.abort, "begin": state.begin,
		"pending": state.pending, "end": state.end, "drop": state.drop,
	}
	written := make(map[[2]string]string) // a transition's name and a state's
	var states []string
	for _, row := range tablesOf(t, "state.go") {
		if row[0] == "" {
			states = row[1:]
			continue
		}
		require.Contains(t, transitions, row[0])
		require.Len(t, row[1:], len(states))
		for i, s := range states {
			require.Contains(t, stateNames, s)
			written[[2]string{row[0], s}] = row[1+i]
		}
	}
	require.Len(t, written, 5*5+6*3, "the cells of both tables")

	for name, along := range transitions {
		for s := idle; s <= cancelled; s++ {
			want, is := written[[2]string{name, s.String()}]
			if !is {
				want = "-"
			}
			require.Equal(t, want, cell(along, s), "what %s does to a task that is %v", name, s)
		}
	}
}

// cell writes what along does to s in the way of the tables.
func cell(along transition, s state) (text string) {
	defer func() {
		if recover() != nil {
			text = "-"
		}
	}()
	to, do := along(s)
	return to.String() + map[duty]string{nothing: "", queueIt: ", queue", pollIt: ", poll", cancelIt: ", cancel"}[do]
}

// tablesOf returns the rows of the tables in a file's comments.
func tablesOf(t *testing.T, file string) (rows [][]string) {
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	for line := range strings.Lines(string(source)) {
		if !strings.Contains(line, " | ") {
			continue
		}
		cells := strings.Split(strings.TrimPrefix(line, "//"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// Whatever happens to a task, in whatever order: it is in a queue at most once, polled by one at
// most, and polled or cancelled never again once it is over. All states that can be reached are looked at.
func TestState_noOrderOfEventsBreaksTheRules(t *testing.T) {
	type world struct {
		s       state
		queued  bool // is in a queue
		owned   bool // somebody has taken it and not given it back
		dropped bool // its Future was cancelled or is at its end
	}
	seen := map[world]bool{}
	var visit func(w world, how []string)
	visit = func(w world, how []string) {
		if seen[w] {
			return
		}
		seen[w] = true
		try := func(name string, along transition, happens func(w *world, d duty)) {
			next := w
			how := append(how[:len(how):len(how)], name)
			to, d := along(w.s)
			next.s = to
			happens(&next, d)
			require.Equal(t, next.queued, next.s == notified || next.s == aborted, "in the queue: after %v", how)
			require.Equal(t, next.dropped && !next.owned, next.s.over(), "over: after %v", how)
			visit(next, how)
		}
		queue := func(w *world, d duty) {
			if d == queueIt {
				require.False(t, w.queued, "queued twice: after %v", how)
				w.queued = true
			}
		}
		try("wake", state.wake, queue)
		try("abort", state.abort, queue)
		if w.queued {
			try("begin", state.begin, func(w *world, d duty) {
				require.False(t, w.owned, "two have it: after %v", how)
				require.False(t, w.dropped, "over, and yet in a queue: after %v", how)
				w.queued, w.owned, w.dropped = false, true, d == cancelIt
			})
		}
		if w.owned && !w.dropped {
			try("pending", state.pending, func(w *world, d duty) {
				w.owned = d == cancelIt
				w.dropped = d == cancelIt
				queue(w, d)
			})
			w.dropped = true
			try("end", state.end, func(w *world, d duty) { w.owned = false })
		} else if w.owned {
			try("drop", state.drop, func(w *world, d duty) { w.owned = false })
		}
	}
	visit(world{}, nil)

	reached := map[state]bool{}
	for w := range seen {
		reached[w.s] = true
	}
	require.Len(t, reached, len(stateNames), "all states can be reached")
}
