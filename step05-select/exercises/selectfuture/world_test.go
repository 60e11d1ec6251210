package selectfuture_test

import (
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
	"example.com/async/step05-select/exercises/selectfuture"
)

// A client is what is judged.
type client interface {
	future.Future[error]
	future.Canceler
}

type newFunc func(lines selectfuture.Lines, messages selectfuture.Messages, say, write func(text string)) client

// A world is a client between a user and a room, and watches what it does with them.
type world struct {
	client
	t     lesson.T
	user  *user
	room  *room
	log   []string
	calls int // of both, in this Poll
}

func newWorld(t lesson.T, newClient newFunc) *world {
	w := &world{t: t}
	w.user, w.room = &user{world: w}, &room{world: w}
	w.client = newClient(w.user, w.room,
		func(line string) { w.log = append(w.log, "say "+line) },
		func(message string) { w.log = append(w.log, "write "+message) })
	return w
}

// poll polls, and fails the case if pending is an empty promise. It returns what was handled, and the waker of this Poll.
func (w *world) poll() (handled []string, waker *futuretest.Waker, ready bool, err error) {
	w.t.Helper()
	before := len(w.log)
	waker = new(futuretest.Waker)
	err, ready = w.Poll(future.NewContext(waker))
	if ready {
		require.Equal(w.t, []int{1, 1}, []int{w.user.closes, w.room.closes}, "Poll is ready: how often were Lines and Messages closed?")
	} else if waker.Wakes() == 0 {
		require.Same(w.t, waker, w.user.waker, "Poll has returned pending, and the waker that Lines has is not that of this Poll: who wakes the task when a line comes?")
		require.Same(w.t, waker, w.room.waker, "Poll has returned pending, and the waker that Messages has is not that of this Poll: who wakes the task when a message comes?")
		require.Empty(w.t, w.room.messages, "Poll has returned pending, though a message is there: nobody will be woken for it")
	}
	return w.log[before:], waker, ready, err
}

// Poll is the client's, for whoever polls.
func (w *world) Poll(cx *future.Context) (error, bool) {
	w.calls = 0
	return w.client.Poll(cx)
}

// A task is a world as an executor's task. An executor keeps a panic for whoever waits for the task; here it is a failure.
type task struct{ *world }

func (k task) Poll(cx *future.Context) (err error, ready bool) {
	defer func() {
		if cause := recover(); cause != nil {
			require.Fail(k.t, fmt.Sprintf("%v\n%s", cause, debug.Stack()), "Poll has panicked")
		}
	}()
	return k.world.Poll(cx)
}

// run lets a Manual poll until nobody is to be polled any more.
func run(t lesson.T, m *executor.Manual) {
	t.Helper()
	const most = 100 // Polls for a few lines and messages
	for range most {
		if !m.RunOne(0) {
			return
		}
	}
	require.Fail(t, "the task wakes itself again and again, though there is nothing to do")
}

// called fails the case if Poll does not come to an end, or the world is closed.
func (w *world) called(name string, closes int) {
	w.t.Helper()
	w.calls++
	require.Less(w.t, w.calls, 100*selectfuture.Turn, "%s is called again and again, in one Poll: the other tasks of this thread stand still", name)
	require.Zero(w.t, closes, "%s was called after Close", name)
}

func (w *world) wants(sentence string, want ...string) {
	w.t.Helper()
	require.Equal(w.t, want, slices.Clone(w.log), sentence)
}

// A user is the Lines of a world.
type user struct {
	*world
	lines   []string
	endless bool // there is always a line
	end     error
	ended   bool // PollLine has said so
	closes  int
	waker   future.Waker
}

// types types lines, and wakes who waits for them.
func (u *user) types(lines ...string) {
	u.lines = append(u.lines, lines...)
	u.wake()
}

// ends lets nothing come any more.
func (u *user) ends(err error) {
	u.end = err
	u.wake()
}

func (u *user) wake() {
	if waker := u.waker; waker != nil {
		u.waker = nil
		waker.Wake()
	}
}

func (u *user) PollLine(cx *future.Context) (line string, ready bool, err error) {
	u.called("PollLine", u.closes)
	require.False(u.t, u.ended, "PollLine was called after it had returned an error")
	switch {
	case u.endless:
		if !cx.Spend() {
			u.waker = cx.Waker()
			return "", false, nil
		}
		return "on and on", true, nil
	case len(u.lines) > 0:
		line, u.lines = u.lines[0], u.lines[1:]
		return line, true, nil
	case u.end != nil:
		u.ended = true
		return "", false, u.end
	}
	u.waker = cx.Waker()
	return "", false, nil
}

func (u *user) Close() {
	u.closes++
	require.LessOrEqual(u.t, u.closes, 1, "Lines was closed twice")
}

// A room is the Messages of a world.
type room struct {
	*world
	messages []string
	endless  bool
	behind   []string // come just after a look that has found nothing
	closes   int
	waker    future.Waker
}

// says says messages, and wakes who waits for them.
func (r *room) says(messages ...string) {
	r.messages = append(r.messages, messages...)
	if waker := r.waker; waker != nil {
		r.waker = nil
		waker.Wake()
	}
}

func (r *room) Take() (message string, ok bool) {
	r.called("Take", r.closes)
	switch {
	case r.endless:
		return "on and on", true
	case len(r.messages) > 0:
		message, r.messages = r.messages[0], r.messages[1:]
		return message, true
	case len(r.behind) > 0:
		behind := r.behind[0]
		r.behind = r.behind[1:]
		r.says(behind)
	}
	return "", false
}

func (r *room) Wait(w future.Waker) {
	r.called("Wait", r.closes)
	r.waker = w
}

func (r *room) Close() {
	r.closes++
	require.LessOrEqual(r.t, r.closes, 1, "Messages was closed twice")
}

var (
	_ selectfuture.Lines    = (*user)(nil)
	_ selectfuture.Messages = (*room)(nil)
)
