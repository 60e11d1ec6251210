package pollloop

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// One conn, polled by hand, on a connection that does what the test says.

// A scripted is a connection. What read and write return is what PollRead and PollWrite do; neither is ever ready if it is nil.
type scripted struct {
	asyncnet.Conn
	read  func() (text string, err error) // ready if one of them is something
	write func() (room bool, err error)
}

func (s *scripted) PollRead(_ *future.Context, p []byte) (n int, ready bool, err error) {
	if s.read == nil {
		return 0, false, nil
	}
	text, err := s.read()
	return copy(p, text), text != "" || err != nil, err
}

func (s *scripted) PollWrite(_ *future.Context, p []byte) (n int, ready bool, err error) {
	if s.write == nil {
		return 0, false, nil
	}
	room, err := s.write()
	if err != nil || !room {
		return 0, err != nil, err
	}
	return len(p), true, nil
}

func readily() (bool, error) { return true, nil }

// asked is a codec whose client is asked for signs of life.
type asked struct{ session.Lines }

func (*asked) AppendPing(dst []byte) ([]byte, bool) { return append(dst, "ping\n"...), true }

// A wakeCounter is a waker that counts.
type wakeCounter struct{ woken int }

func (w *wakeCounter) Wake() { w.woken++ }

// polled makes a conn, and what polls it.
func polled(t *testing.T, netConn asyncnet.Conn, codec session.Codec, settings client.Settings) (c *conn, poll func() (ready bool), waker *wakeCounter) {
	rt := executor.New(executor.Config{})
	t.Cleanup(rt.Shutdown)
	waker = new(wakeCounter)
	server := &Server{config: Config{Hub: hub.New(hub.Config{}), Client: settings}}
	ctx, stop := context.WithCancel(t.Context())
	c = server.newConn(ctx, rt, netConn, codec, hub.Entry{}, nil)
	t.Cleanup(func() {
		stop()
		if !c.done {
			c.Cancel()
		}
	})
	poll = func() bool {
		_, ready := c.Poll(future.NewContext(waker))
		return ready
	}
	return c, poll, waker
}

// A worker that polls a client serves no other one meanwhile.
func TestConn_letsOthersHaveTheirTurn(t *testing.T) {
	const most = 100
	reads := 0
	flood := func() (string, error) {
		if reads++; reads > most {
			return "", nil // or the test would not end
		}
		return "\n\n", nil
	}
	_, poll, waker := polled(t, &scripted{read: flood, write: readily}, &session.Lines{}, client.Settings{})
	for turn := range 10 {
		require.False(t, poll())
		require.Equal(t, turn+1, reads, "a client sends more than can be read, and so often its worker has read, in %d polls", turn+1)
		require.Equal(t, turn+1, waker.woken, "there is more to read, and nobody else tells it so")
	}
}

func TestConn_sleepsWhileNothingHappens(t *testing.T) {
	_, poll, waker := polled(t, &scripted{write: readily}, &asked{}, client.Settings{})
	for range 10 {
		require.False(t, poll())
		require.Zero(t, waker.woken, "nothing has happened, and it wakes itself")
	}
}

// A timer that is not cancelled keeps the client's memory until it is over, and then wakes a task that is not there.
func TestConn_leavesNoTimerBehind(t *testing.T) {
	says := func(text string) func() (string, error) {
		return func() (said string, err error) {
			said, text = text, ""
			return said, nil
		}
	}
	for name, client := range map[string]struct {
		says     string
		reads    bool
		settings client.Settings
	}{
		"is asked for a sign of life": {reads: true},
		"waits for a token":           {says: "one\ntwo\n", reads: true, settings: client.Settings{Rate: 0.001, Burst: 1}},
		"does not read":               {},
	} {
		for how, ends := range map[string]func(conn *scripted, c *conn, poll func() bool){
			"its connection breaks": func(conn *scripted, c *conn, poll func() bool) {
				conn.write = func() (bool, error) { return false, errors.New("connection reset by peer") }
				c.client.Member().Tell(session.Event{Kind: session.Notice, Text: "so that it writes"})
				require.True(t, poll())
			},
			"it is told of the end": func(conn *scripted, c *conn, poll func() bool) {
				conn.write = readily
				c.client.End()
				require.True(t, poll())
			},
			"it is cancelled": func(_ *scripted, c *conn, _ func() bool) { c.Cancel() },
		} {
			t.Run(name+", and "+how, func(t *testing.T) {
				conn := new(scripted)
				if client.says != "" {
					conn.read = says(client.says)
				}
				if client.reads {
					conn.write = readily
				}
				c, poll, _ := polled(t, conn, &asked{}, client.settings)
				require.False(t, poll())
				require.False(t, poll())
				require.NotZero(t, c.rt.Timers().Len(), "no timer runs that could be left behind")
				ends(conn, c, poll)
				require.Zero(t, c.rt.Timers().Len(), "the client has left, and so many timers run for it")
			})
		}
	}
}
