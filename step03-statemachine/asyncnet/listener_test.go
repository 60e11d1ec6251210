package asyncnet

import (
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/future"
)

func TestListener_acceptsWhoIsThereAndWakesForWhoComes(t *testing.T) {
	onEach(t, func(w *world) {
		first := w.dial()
		defer first.Close()
		accepted := await(w, Accept(w.listener), "a client waits, and is not accepted")
		require.Equal(w, first.LocalAddr().String(), accepted.Value.RemoteAddr().String())

		accepting := inTask(w, Accept(w.listener), "a client has come, and the accept loop sleeps")
		second := w.dial()
		defer second.Close()
		require.Equal(w, second.LocalAddr().String(), accepting().Value.RemoteAddr().String())
	})
}

func TestListener_acceptsManyWhoCameAtOnce(t *testing.T) {
	onEach(t, func(w *world) {
		waiting := make(map[string]bool)
		for range 50 {
			client := w.dial()
			defer client.Close()
			waiting[client.LocalAddr().String()] = true
		}
		for range 50 { // epoll has told of all of them with one event
			accepted := await(w, Accept(w.listener), "a client waits, and is not accepted")
			delete(waiting, accepted.Value.RemoteAddr().String())
		}
		require.Empty(w, waiting)
	})
}

func TestListener_losesNobodyWhenAnAcceptIsGivenUp(t *testing.T) {
	onEach(t, func(w *world) {
		bell := newBell()
		_, ready, err := w.listener.PollAccept(future.NewContext(bell))
		require.NoError(w, err)
		require.False(w, ready) // and nobody polls again, until
		client := w.dial()
		defer client.Close()
		bell.mustRing(w, "a client has come, and nobody is told")
		accepted := await(w, Accept(w.listener), "a client waits, and is not accepted")
		require.Equal(w, client.LocalAddr().String(), accepted.Value.RemoteAddr().String())
	})
}

func TestListener_closeWakesWhoeverWaitsAndRefusesClients(t *testing.T) {
	onEach(t, func(w *world) {
		bell := newBell()
		_, ready, err := w.listener.PollAccept(future.NewContext(bell))
		require.NoError(w, err)
		require.False(w, ready)
		addr := w.listener.Addr()
		require.Equal(w, w.dialled.Addr().String(), addr.String())

		require.NoError(w, w.listener.Close())
		bell.mustRing(w, "the listener was closed, and the accept loop sleeps")
		accepted := await(w, Accept(w.listener), "the listener was closed, and the accept loop sleeps")
		require.ErrorIs(w, accepted.Err, net.ErrClosed)
		require.ErrorIs(w, w.listener.Close(), net.ErrClosed)
		require.Equal(w, addr, w.listener.Addr())
		_, err = w.clients.Dial(t.Context(), w.dialled)
		require.Error(w, err, "the listener is closed, and still takes clients: is there a second descriptor of the socket?")
	})
}

// The portable network has accepted ahead; with epoll the kernel has it in its queue, and ends it.
func TestListener_closeEndsTheConnectionsThatNobodyHasTaken(t *testing.T) {
	onEach(t, func(w *world) {
		bell := newBell()
		_, ready, err := w.listener.PollAccept(future.NewContext(bell))
		require.NoError(w, err)
		require.False(w, ready)
		client := w.dial()
		defer client.Close()
		bell.mustRing(w, "a client has come, and nobody is told")
		require.NoError(w, w.listener.Close())
		_, err = client.Read(make([]byte, 1))
		require.Error(w, err)
		require.NotErrorIs(w, err, os.ErrDeadlineExceeded, "nobody serves the client, and its connection is open")
	})
}

func TestListener_spendsTheBudget(t *testing.T) {
	onEach(t, func(w *world) {
		for range 3 {
			client := w.dial()
			defer client.Close()
		}
		await(w, Accept(w.listener), "a client waits, and is not accepted")
		cx, waker := new(future.Context), newBell()
		cx.Renew(waker, 1)
		for {
			_, ready, err := w.listener.PollAccept(cx)
			require.NoError(w, err)
			if ready {
				break
			}
			waker.mustRing(w, "a client waits, and the accept loop sleeps")
		}
		before := waker.count()
		_, ready, _ := w.listener.PollAccept(cx)
		require.False(w, ready)
		require.Equal(w, before+1, waker.count(), "the budget is used up, and nobody polls again")
	})
}

func TestNew_knowsItsNetworks(t *testing.T) {
	for _, name := range []string{"", "portable"} {
		network, err := New(name)
		require.NoError(t, err)
		require.NoError(t, network.Close())
	}
	_, err := New("kqueue")
	require.EqualError(t, err, `there is no reactor "kqueue": choose epoll or portable`)
}
