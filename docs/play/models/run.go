// Package models is the moving picture of step 1: three clients and a slow one, against each model.
//
// [Run] starts one model in this process, lets the clients come, and notes what happens to each connection, on the
// client's side (when did it ask, when was it answered?) and on the server's (when did a handler get it?). So one
// sees who waits for whom. [Register] is the way from the page to Run; models.js draws the lanes.
package models

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"example.com/async/step03-statemachine/asyncnet"
)

// longestRun ends a run whatever happens. The slowest model needs less than two seconds.
const longestRun = 3 * time.Second

// A visit is what one client does.
type visit struct {
	after     time.Duration // comes so long after the beginning
	questions int           // asks so often, each time when it has the last answer
	thinks    time.Duration // between an answer and the next question
	stays     time.Duration // after the last answer, silently
}

// visits are those of the slow client, which comes first, and of the three others.
var visits = []visit{
	{after: 0, questions: 1, stays: 1200 * time.Millisecond},
	{after: 150 * time.Millisecond, questions: 3, thinks: 100 * time.Millisecond},
	{after: 250 * time.Millisecond, questions: 3, thinks: 100 * time.Millisecond},
	{after: 350 * time.Millisecond, questions: 3, thinks: 100 * time.Millisecond},
}

// A Network is what a run needs of one.
type Network struct {
	Listener net.Listener
	Dial     func(ctx context.Context) (net.Conn, error)
	// Poll makes what the event loop polls connections with.
	Poll func() (asyncnet.Network, error)
}

// Loopback listens on a free port of this machine.
func Loopback() (Network, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	return Network{
		Listener: listener,
		Dial: func(ctx context.Context) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, "tcp", listener.Addr().String())
		},
		Poll: func() (asyncnet.Network, error) { return asyncnet.New("") },
	}, err
}

// Run runs a model until the last client has gone, and its server has ended; or until ctx or the time for a run ends.
// It calls note for each event, one after the other, at most mostEvents times. The error is the server's.
func Run(ctx context.Context, m Model, n Network, note func(Event)) error {
	ctx, cancel := context.WithTimeout(ctx, longestRun)
	defer cancel()
	serving, stop := context.WithCancel(ctx)
	defer stop()
	r := newRecorder(note)
	ended := make(chan error, 1)
	go func() {
		err := m.serve(serving, n, r.begin)
		cancel() // no client waits for a server that is no more
		ended <- err
	}()
	var clients sync.WaitGroup
	for who := range visits {
		clients.Go(func() { r.visit(ctx, n, who) })
	}
	clients.Wait()
	stop()
	err := <-ended
	r.add(End, -1)
	return err
}

// visit is one client, from its coming to its going.
func (r *recorder) visit(ctx context.Context, n Network, who int) {
	v := visits[who]
	if !pause(ctx, v.after) {
		return
	}
	r.add(Connects, who)
	conn, err := n.Dial(ctx)
	if err != nil {
		r.add(Fails, who)
		return
	}
	defer conn.Close()
	r.know(conn.LocalAddr(), who)
	// Reads and writes know nothing of ctx: a deadline in the past wakes them.
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()

	answer := make([]byte, 1)
	for i := range v.questions {
		if i > 0 && !pause(ctx, v.thinks) {
			return
		}
		r.add(Asks, who)
		if _, err = conn.Write([]byte{'?'}); err == nil {
			_, err = io.ReadFull(conn, answer)
		}
		if err != nil {
			r.add(Fails, who)
			return
		}
		r.add(Answered, who)
	}
	pause(ctx, v.stays)
	r.add(Leaves, who)
}

// pause waits, and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
