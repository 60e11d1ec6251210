package progress

import (
	"slices"

	"example.com/async/docs/progress/grade"
)

// Done returns how many exercises are done.
func (s Snapshot) Done() int {
	done := 0
	for _, item := range s.Items {
		if item.IsDone() {
			done++
		}
	}
	return done
}

// Settled reports whether nothing is left to be graded.
func (s Snapshot) Settled() bool {
	return !slices.ContainsFunc(s.Items, func(item Item) bool { return item.Waiting })
}

// Next returns the exercise to work at: the first one that was begun and isn't done; or else the first one behind the last
// that is done, because a workshop may begin at a later step; or else the first one that isn't done. It
// returns false if all are done, or nothing is known yet.
func (s Snapshot) Next() (Item, bool) {
	open := func(item Item) bool { return item.Graded && item.State != grade.Done }
	begun := slices.IndexFunc(s.Items, func(item Item) bool { return open(item) && item.State != grade.NotStarted })
	if begun >= 0 {
		return s.Items[begun], true
	}
	last := 0
	for i, item := range s.Items {
		if item.IsDone() {
			last = i
		}
	}
	for _, items := range [][]Item{s.Items[last:], s.Items} {
		if i := slices.IndexFunc(items, open); i >= 0 {
			return items[i], true
		}
	}
	return Item{}, false
}

// IsDone reports whether all cases passed the last time.
func (i Item) IsDone() bool { return i.Graded && i.State == grade.Done }

// Status says in a few words how far the exercise is.
func (i Item) Status() string {
	switch {
	case i.Failure != "":
		return "not graded"
	case !i.Graded:
		return "being checked"
	}
	return i.State.String()
}
