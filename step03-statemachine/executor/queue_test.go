package executor

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/trace"
)

// ids empties a list and returns the names of its tasks, in order.
func ids(l *list) (ids []int) {
	for t := l.pop(); t != nil; t = l.pop() {
		ids = append(ids, int(t.id))
	}
	return ids
}

func listOf(names ...int) (l list) {
	for _, name := range names {
		l.push(&task{id: trace.TaskID(name)})
	}
	return l
}

func TestList_behavesLikeASlice(t *testing.T) {
	var l list
	var want []int
	for i := range 10_000 {
		switch rand.N(4) {
		case 0, 1:
			l.push(&task{id: trace.TaskID(i)})
			want = append(want, i)
		case 2:
			if popped := l.pop(); popped != nil {
				require.Equal(t, want[0], int(popped.id))
				require.Nil(t, popped.next, "a task that is in no list leads to none")
				want = want[1:]
			} else {
				require.Empty(t, want)
			}
		case 3:
			if len(want) > 0 {
				n := 1 + rand.N(len(want))
				front := l.cut(n)
				require.Equal(t, n, front.n)
				require.Equal(t, want[:n], ids(&front))
				want = want[n:]
			}
		}
		require.Equal(t, len(want), l.n)
	}
	for _, name := range want {
		require.Equal(t, name, int(l.pop().id))
	}
	require.Equal(t, list{}, l)
}

func TestLocalQueue_givesAThiefTheOlderHalf(t *testing.T) {
	var q localQueue
	loot := q.stealHalf()
	require.Zero(t, loot.n)

	q.fill(listOf(1, 2, 3, 4, 5))
	loot = q.stealHalf()
	require.Equal(t, []int{1, 2, 3}, ids(&loot))
	loot = q.stealHalf()
	require.Equal(t, []int{4}, ids(&loot))
	require.False(t, q.empty())
	loot = q.stealHalf()
	require.Equal(t, []int{5}, ids(&loot))
	require.True(t, q.empty())
}

// The owner polls, thieves steal from him and from each other: each task is found by one of them.
func TestLocalQueue_losesAndDoublesNothing(t *testing.T) {
	const rounds, thieves = 500, 3
	var queues [1 + thieves]localQueue
	var found [1 + thieves][]int
	var want []int
	fillings := make([]list, rounds)
	for i := range fillings {
		for range 1 + rand.N(localMax) {
			want = append(want, len(want))
			fillings[i].push(&task{id: trace.TaskID(len(want) - 1)})
		}
	}
	var all sync.WaitGroup
	done := make(chan struct{})
	for i := range queues {
		all.Go(func() {
			take := func(task *task) {
				for ; task != nil; task = queues[i].pop() {
					found[i] = append(found[i], int(task.id))
				}
			}
			if i == 0 {
				for _, filling := range fillings {
					queues[0].fill(filling)
					take(queues[0].pop())
				}
				close(done)
				return
			}
			for {
				select {
				case <-done:
					return
				default:
					loot := queues[(i+1+rand.N(thieves))%len(queues)].stealHalf()
					first := loot.pop()
					if loot.n > 0 {
						queues[i].fill(loot)
					}
					take(first)
				}
			}
		})
	}
	all.Wait()
	var got []int
	for i := range found {
		got = append(got, found[i]...)
	}
	slices.Sort(got)
	require.True(t, slices.Equal(want, got), "%d tasks were put in, and %d came out", len(want), len(got))
}
