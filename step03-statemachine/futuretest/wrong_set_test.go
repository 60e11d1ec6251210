package futuretest

import (
	"slices"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

func TestSetMuseum(t *testing.T) {
	lesson.Museum(t, SetCases(), []lesson.Wrong[func() Set]{
		{
			Name: "is pending when it is empty", Case: "set-empty",
			Message: "the Set is empty, and pending",
			Subject: wrongSet(func(s *slowSet) { s.pendingIfEmpty = true }),
		},
		{
			Name: "polls in Add", Case: "set-lazy",
			Message: "Add has polled the new member",
			Subject: wrongSet(func(s *slowSet) { s.onAdd = func(m *slowMember) { Poll(m.f, m) } }),
		},
		{
			Name: "polls the newest first", Case: "set-values",
			Message: "their values came in another",
			Subject: wrongSet(func(s *slowSet) { s.stack = true }),
		},
		{
			Name: "polls everybody", Case: "set-only-woken",
			Message: "how many polls is that?",
			Subject: wrongSet(func(s *slowSet) {
				s.onPollNext = func() {
					s.queue = slices.Clone(s.members)
				}
			}),
		},
		{
			Name: "queues a member for each wake", Case: "set-coalesces",
			Message: "then woken 5 times: how many polls is that?",
			Subject: wrongSet(func(s *slowSet) { s.queueAlways = true }),
		},
		{
			Name: "keeps the waker of its first poll", Case: "set-wakes-owner",
			Message: "it would sleep for ever",
			Subject: wrongSet(func(s *slowSet) { s.firstOwner = true }),
		},
		{
			Name: "leaves a new member to the next wake of another", Case: "set-add-wakes-owner",
			Message: "who polls the new member?",
			Subject: wrongSet(func(s *slowSet) { s.silentAdd = true }),
		},
		{
			Name: "clears the flag after the poll", Case: "set-wake-in-poll",
			Message: "the Set's owner heard nothing of it",
			Subject: wrongSet(func(s *slowSet) { s.clearLate = true }),
		},
		{
			Name: "goes on while there is somebody to poll", Case: "set-yields",
			Message: "no other task gets a turn",
			Subject: wrongSet(func(s *slowSet) { s.endless = true }),
		},
		{
			Name: "begins with the same member each time", Case: "set-budget",
			Message: "three members always use up the budget",
			Subject: wrongSet(func(s *slowSet) {
				s.onPollNext = func() {
					slices.SortFunc(s.queue, func(a, b *slowMember) int { return slices.Index(s.members, a) - slices.Index(s.members, b) })
				}
			}),
		},
		{
			Name: "does not wake itself for those that it has not reached", Case: "set-unreached",
			Message: "it will never begin",
			Subject: wrongSet(func(s *slowSet) { s.silentYield = true }),
		},
		{
			Name: "polls a finished member that is woken late", Case: "set-late-wake",
			Message: "was polled again after it was ready",
			Subject: wrongSet(func(s *slowSet) { s.pollFinished = true }),
		},
		{
			Name: "cancels only those that were woken", Case: "set-cancel",
			Message: "How often was each cancelled?",
			Subject: wrongSet(func(s *slowSet) {
				s.onCancel = func() { s.members = s.queue }
			}),
		},
	}, lesson.JudgeInRealTime[func() Set])
}

// A slowSet is a Set that is right, though slow, as long as no fault is switched on. It
// is for one goroutine.
type slowSet struct {
	pendingIfEmpty, stack, queueAlways, firstOwner, silentAdd bool
	clearLate, endless, silentYield, pollFinished             bool
	onAdd                                                     func(m *slowMember)
	onPollNext, onCancel                                      func()

	members []*slowMember
	queue   []*slowMember // those that were woken
	owner   future.Waker
}

type slowMember struct {
	set    *slowSet
	f      future.Future[int]
	queued bool
	gone   bool
}

// wrongSet returns a constructor of sets with one fault.
func wrongSet(plant func(s *slowSet)) func() Set {
	return func() Set {
		s := &slowSet{onAdd: func(*slowMember) {}, onPollNext: func() {}, onCancel: func() {}}
		plant(s)
		return s
	}
}

func (s *slowSet) Len() int { return len(s.members) }

func (s *slowSet) Add(f future.Future[int]) {
	m := &slowMember{set: s, f: f}
	s.members = append(s.members, m)
	if s.silentAdd {
		m.queued, s.queue = true, append(s.queue, m)
	} else {
		m.Wake()
	}
	s.onAdd(m)
}

func (m *slowMember) Wake() {
	s := m.set
	if m.gone && !s.pollFinished || m.queued && !s.queueAlways {
		return
	}
	m.queued, s.queue = true, append(s.queue, m)
	if s.owner != nil {
		s.owner.Wake()
	}
}

func (s *slowSet) PollNext(cx *future.Context) (value int, some, ready bool) {
	if len(s.members) == 0 {
		return 0, false, !s.pendingIfEmpty
	}
	if s.owner == nil || !s.firstOwner {
		s.owner = cx.Waker()
	}
	s.onPollNext()
	for polls := len(s.members); len(s.queue) > 0 && (polls > 0 || s.endless); polls-- {
		m := s.queue[0]
		if s.stack {
			m = s.queue[len(s.queue)-1]
			s.queue = s.queue[:len(s.queue)-1]
		} else {
			s.queue = s.queue[1:]
		}
		if m.gone && !s.pollFinished {
			continue
		}
		m.queued = s.clearLate
		cx.SetWaker(m)
		value, ready = m.f.Poll(cx)
		cx.SetWaker(s.owner)
		m.queued = m.queued && !s.clearLate
		if ready {
			m.gone = true
			s.members = slices.DeleteFunc(s.members, func(other *slowMember) bool { return other == m })
			return value, true, true
		}
		if s.silentYield {
			cx.SetWaker(new(Waker)) // Spend calls it
		}
		if !cx.Spend() {
			break
		}
		cx.Refund()
	}
	if len(s.queue) > 0 && !s.silentYield {
		s.owner.Wake()
	}
	return
}

func (s *slowSet) Cancel() {
	s.onCancel()
	for _, m := range s.members {
		m.gone = true
		future.Cancel(m.f)
	}
	s.members = nil
}
