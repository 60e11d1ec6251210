package futuretest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

// A Set is a *[future.Set], or stands in for it.
type Set interface {
	Add(f future.Future[int])
	Len() int
	PollNext(cx *future.Context) (value int, some, ready bool)
	Cancel()
}

// SetCases are the properties of a Set; the subject returns an empty one.
func SetCases() []lesson.Case[func() Set] { return setCases }

var setCases = []lesson.Case[func() Set]{
	{
		Name:   "set-empty",
		Rule:   "a Set without members is ready, with no value",
		Source: "futures::stream::FuturesUnordered",
		Hint:   "pending would be a promise that somebody wakes, and here is nobody who could",
		Check: func(t lesson.T, newSet func() Set) {
			set, w := newSet(), new(Waker)
			_, some, ready := pollNext(set, w)
			require.True(t, ready, "the Set is empty, and pending: who would wake it?")
			require.False(t, some, "the Set is empty, and gave a value")
			set.Add(future.Ready(1))
			pollNext(set, w)
			_, some, ready = pollNext(set, w)
			require.True(t, ready && !some, "the only member has given its value, so the Set is empty again: it must be ready, without a value")
		},
	},
	{
		Name:   "set-lazy",
		Rule:   "Add polls nobody",
		Source: "futures::stream::FuturesUnordered::push",
		Hint:   "in Add there is no Context: nobody waits yet",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, _ := waitingSet(t, newSet, 3)
			late := NewProbe[int](t, "a new member")
			set.Add(late)
			require.Zero(t, late.Polls(), "Add has polled the new member")
			require.Equal(t, 4, set.Len(), "Len after 4 calls of Add")
			require.Equal(t, 1, members[0].Polls(), "Add has polled the other members")
		},
	},
	{
		Name:   "set-values",
		Rule:   "each value is handed out once, in the order in which the members became ready",
		Source: "futures::stream::FuturesUnordered",
		Hint:   "the members to poll form a queue: first woken, first polled",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, w := waitingSet(t, newSet, 5)
			order := []int{3, 0, 4, 1, 2}
			for _, i := range order {
				members[i].Complete(i)
			}
			var got []int
			for range members {
				value, some, ready := pollNext(set, w)
				require.True(t, some && ready, "members were ready, and the Set has handed out only %v", got)
				got = append(got, value)
			}
			require.Equal(t, order, got, "the members became ready in one order, and their values came in another")
			require.Zero(t, set.Len(), "Len when all values are handed out")
		},
	},
	{
		Name:   "set-only-woken",
		Rule:   "only members that were woken are polled",
		Source: "futures::stream::FuturesUnordered",
		Hint:   "each member needs a waker of its own, which remembers whose it is",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, w := waitingSet(t, newSet, 100)
			members[42].Wake()
			expectNextPending(t, set, w)
			polls := 0
			for _, m := range members {
				polls += m.Polls()
			}
			require.Equal(t, 101, polls, "100 members were polled once each, then one of them was woken: how many polls is that?")
			require.Equal(t, 2, members[42].Polls(), "the member that was woken was not polled")
		},
	},
	{
		Name:   "set-coalesces",
		Rule:   "a member that was woken several times is polled once",
		Source: "futures::stream::FuturesUnordered",
		Hint:   "in the queue at most once: a flag says whether it is there",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, w := waitingSet(t, newSet, 3)
			for range 5 {
				members[1].Wake()
			}
			expectNextPending(t, set, w)
			require.Equal(t, 2, members[1].Polls(), "a member was polled once, then woken 5 times: how many polls is that?")
		},
	},
	{
		Name:   "set-wakes-owner",
		Rule:   "when a member is woken, the waker of the most recent PollNext is called",
		Source: "Rust, std::future::Future::poll",
		Hint:   "store the owner's waker in each PollNext, and before the queue is looked at",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, _ := waitingSet(t, newSet, 3)
			second := new(Waker)
			expectNextPending(t, set, second)
			members[2].Wake()
			require.NotZero(t, second.Wakes(), "a member was woken, but not the task that has polled the Set last: it would sleep for ever")
		},
	},
	{
		Name:   "set-add-wakes-owner",
		Rule:   "a member that is added while the Set is pending is polled without anybody's wake",
		Source: "chapter 3, Many Futures in one task",
		Hint:   "a new member counts as woken",
		Check: func(t lesson.T, newSet func() Set) {
			set, _, w := waitingSet(t, newSet, 3)
			w.Woken()
			set.Add(future.Ready(7))
			require.True(t, w.Woken(), "a member was added to a Set that is pending, and its owner was not woken: who polls the new member?")
			value, some, ready := pollNext(set, w)
			require.True(t, some && ready && value == 7, "a member that has nothing to wait for was added, and PollNext does not hand out its value")
		},
	},
	{
		Name:   "set-wake-in-poll",
		Rule:   "a wake of a member while it is being polled leads to one more poll of it",
		Source: "futures::stream::FuturesUnordered: the flag is cleared before polling",
		Hint:   "clear the flag before the Poll: whatever sets it from then on is news",
		Check: func(t lesson.T, newSet func() Set) {
			set, w := newSet(), new(Waker)
			m := NewProbe[int](t, "the member")
			m.OnPoll = func(cx *future.Context) {
				if m.Polls() == 1 {
					cx.Waker().Wake() // something has happened just now
				}
			}
			set.Add(m)
			expectNextPending(t, set, w)
			if m.Polls() == 1 { // else it has been polled again at once, which is as good
				require.True(t, w.Woken(), "a member was woken while it was being polled, and the Set's owner heard nothing of it")
				expectNextPending(t, set, w)
			}
			require.Equal(t, 2, m.Polls(), "a member was woken while it was being polled: how often was it polled, with the poll that this leads to?")
		},
	},
	{
		Name:   "set-yields",
		Rule:   "PollNext returns though members wake themselves in every poll",
		Source: "futures-rs issue 2047",
		Hint:   "poll each member at most once, then wake yourself and let others have a turn",
		Check: func(t lesson.T, newSet func() Set) {
			set, w := newSet(), new(Waker)
			const most = 1000
			for range 3 {
				m := NewProbe[int](t, "a member")
				m.OnPoll = func(cx *future.Context) {
					require.Less(t, m.Polls(), most, "a member that wakes itself in every poll was polled %d times in one PollNext: no other task gets a turn", most)
					cx.Waker().Wake()
				}
				set.Add(m)
			}
			expectNextPending(t, set, w)
			require.NotZero(t, w.Wakes(), "PollNext is pending while members want to be polled, and has not woken its owner")
		},
	},
	{
		Name:   "set-budget",
		Rule:   "members that use up the budget take turns",
		Source: "tokio issue 2390",
		Hint:   "who has used up the budget goes to the end of the queue",
		Check: func(t lesson.T, newSet func() Set) {
			set, w := newSet(), new(Waker)
			work := make([]int, 3)
			for i := range work {
				m := NewProbe[int](t, fmt.Sprintf("member %d", i))
				m.OnPoll = func(cx *future.Context) {
					work[i] += spendAll(cx)
				}
				set.Add(m)
			}
			cx := future.NewContext(w)
			for range 30 {
				cx.Renew(w, 4)
				set.PollNext(cx)
				require.True(t, w.Woken(), "the budget is used up, and the owner was not woken: nobody would poll the Set again")
			}
			for i := range work {
				require.GreaterOrEqual(t, work[i], 20, "three members always use up the budget; after 30 polls with 4 operations each, they have done %v operations", work)
			}
		},
	},
	{
		Name:   "set-unreached",
		Rule:   "members that PollNext does not reach, because the budget is used up, are polled next time",
		Source: "future.Context.Spend",
		Hint:   "they were woken once, and nobody will wake them again: so wake your own task before you return",
		Check: func(t lesson.T, newSet func() Set) {
			set, w := newSet(), new(Waker)
			var members [2]*Probe[int]
			for i := range members {
				members[i] = NewProbe[int](t, fmt.Sprintf("member %d", i))
				members[i].OnPoll = func(cx *future.Context) {
					for range 4 {
						cx.Spend() // all that there is, and no more: so Spend does not call the waker
					}
				}
				set.Add(members[i])
			}
			cx := future.NewContext(w)
			cx.Renew(w, 4)
			set.PollNext(cx)
			if members[0].Polls() == 0 || members[1].Polls() == 0 {
				require.NotZero(t, w.Wakes(), "one of two new members used up the budget, the other was not polled, and nobody was woken: it will never begin")
			}
		},
	},
	{
		Name:   "set-late-wake",
		Rule:   "a wake that comes when its member is finished means nothing",
		Source: "future.Waker",
		Hint:   "a timer or a reactor may keep a waker for long; it must find out that its member is gone",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, w := waitingSet(t, newSet, 2)
			late := members[0].Waker()
			members[0].Complete(7)
			members[0].Wake() // and once more before the poll
			_, some, _ := pollNext(set, w)
			require.True(t, some, "a member is ready, and the Set is pending")
			late.Wake()
			expectNextPending(t, set, w)
			members[1].Complete(8)
			value, _, _ := pollNext(set, w)
			require.Equal(t, 8, value, "the other member's value, after a late wake of the first")
			late.Wake()
			_, some, ready := pollNext(set, w)
			require.True(t, ready && !some, "both values are handed out: the Set is empty")
		},
	},
	{
		Name:   "set-cancel",
		Rule:   "Cancel cancels the members that are not ready, once each, and empties the Set",
		Source: "future.Canceler",
		Hint:   "those that are in the queue, too; the finished ones not",
		Check: func(t lesson.T, newSet func() Set) {
			set, members, w := waitingSet(t, newSet, 4)
			members[1].Complete(7)
			pollNext(set, w)
			members[2].Wake()
			late := NewProbe[int](t, "the new member")
			set.Add(late)
			set.Cancel()
			require.Equal(t, []int{1, 0, 1, 1, 1}, []int{members[0].Cancels(), members[1].Cancels(), members[2].Cancels(), members[3].Cancels(), late.Cancels()},
				"of 4 members, the second has finished; a fifth was added and never polled; then the Set was cancelled. How often was each cancelled?")
			require.Zero(t, set.Len(), "Len after Cancel")
		},
	},
}

func pollNext(set Set, w future.Waker) (value int, some, ready bool) {
	return set.PollNext(future.NewContext(w))
}

func expectNextPending(t lesson.T, set Set, w future.Waker) {
	t.Helper()
	_, _, ready := pollNext(set, w)
	require.False(t, ready, "no member is ready, and PollNext says that one is, or that there is none")
}

// waitingSet returns a Set of n members that were polled once and are pending, and the
// waker of that PollNext.
func waitingSet(t lesson.T, newSet func() Set, n int) (Set, []*Probe[int], *Waker) {
	set, w := newSet(), new(Waker)
	members := make([]*Probe[int], n)
	for i := range members {
		members[i] = NewProbe[int](t, fmt.Sprintf("member %d", i))
		set.Add(members[i])
	}
	expectNextPending(t, set, w)
	for i, m := range members {
		require.NotZero(t, m.Polls(), "member %d was added, and PollNext has not polled it: it has not begun", i)
	}
	return set, members, w
}
