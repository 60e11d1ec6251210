package measure

import (
	"context"
	"io"
	"slices"
)

// rounds is how often each server is measured: three have a middle.
const rounds = 3

// A report is what a page is told: what is known until now. It is whole in each event.
type report struct {
	Groups []group `json:"groups"`
	// Doing is what is measured now, "" at the end.
	Doing string `json:"doing"`
	Done  int    `json:"done"` // how many measurements, of All
	All   int    `json:"all"`
}

// A group are the servers that do the same.
type group struct {
	Name string `json:"name"` // of the figure: "requests a second"
	Load string `json:"load"`
	Rows []row  `json:"rows"`
}

// A row is one server.
type row struct {
	Step    string    `json:"step"`
	Name    string    `json:"name"`
	Rounds  []float64 `json:"rounds"`  // what was measured, in the order of the rounds
	Median  float64   `json:"median"`  // 0 as long as nothing is known
	Ratio   float64   `json:"ratio"`   // to the first row of the group, 0 if one of both is unknown
	Problem string    `json:"problem"` // "" if there was none
}

// A run measures all subjects, in rounds: what slows the machine down for some seconds shall not hit the same one
// each time. It belongs to one goroutine at a time.
type run struct {
	subjects []subject
	rows     []row // in the order of subjects
	done     int
	begun    bool // the first report was made
}

func newRun(subjects []subject) *run {
	r := &run{subjects: subjects}
	for _, s := range subjects {
		r.rows = append(r.rows, row{Step: s.step, Name: s.name, Rounds: []float64{}})
	}
	return r
}

// next measures one server and reports. The first report comes at once; after the last one the error is [io.EOF]. When ctx
// ends, next returns its error, and can be called again.
func (r *run) next(ctx context.Context) (report, error) {
	switch {
	case !r.begun:
		r.begun = true
		return r.report(), nil
	case r.done == r.all():
		return report{}, io.EOF
	}
	i := r.turn()
	figure, err := r.subjects[i].measure(ctx)
	if ctx.Err() != nil {
		return report{}, ctx.Err()
	}
	if err != nil {
		r.rows[i].Problem = err.Error()
	} else {
		r.rows[i].Rounds = append(r.rows[i].Rounds, figure)
		r.rows[i].Median = median(r.rows[i].Rounds)
	}
	r.done++
	return r.report(), nil
}

func (r *run) all() int { return rounds * len(r.subjects) }

// turn is whose turn it is. Another one begins in each round: whoever comes after a costly one shall not always be
// the same.
func (r *run) turn() int {
	n := len(r.subjects)
	return (r.done%n + r.done/n) % n
}

func (r *run) report() report {
	rep := report{Done: r.done, All: r.all()}
	if r.done < r.all() {
		next := r.subjects[r.turn()]
		rep.Doing = next.step + ", " + next.name
	}
	for i, s := range r.subjects {
		if n := len(rep.Groups); n == 0 || rep.Groups[n-1].Name != s.kind.figure {
			rep.Groups = append(rep.Groups, group{Name: s.kind.figure, Load: s.kind.load})
		}
		g := &rep.Groups[len(rep.Groups)-1]
		row := r.rows[i]
		row.Rounds = slices.Clone(row.Rounds)
		g.Rows = append(g.Rows, row)
		if first := g.Rows[0].Median; first > 0 {
			g.Rows[len(g.Rows)-1].Ratio = row.Median / first
		}
	}
	return rep
}

// median returns the middle one, or the lower of the two in the middle.
func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)/2]
}
