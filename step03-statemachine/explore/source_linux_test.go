package explore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/explore"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/reactor"
)

// A socket is one end of a pair, read through package reactor, with the kernel's epoll. Nothing in
// it waits: what the kernel answers depends on the order of the steps alone.
type socket struct {
	w      *explore.World
	epoll  *reactor.Epoll
	source reactor.Source
	peer   int  // the other end
	news   bool // the kernel has an event that the driver has not taken
	read   []byte
}

func newSocket(w *explore.World) *socket {
	s := &socket{w: w}
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	require.NoError(w, err)
	s.peer = ends[1]
	s.epoll, err = reactor.New()
	require.NoError(w, err)
	require.NoError(w, s.epoll.Register(&s.source, ends[0]))
	return s
}

// Poll reads until the end of the stream. It is ready then.
func (s *socket) Poll(cx *future.Context) (_ struct{}, ready bool) {
	var buffer [8]byte
	for {
		s.w.Point("begin")
		attempt, ready, err := s.source.Begin(cx, reactor.Read)
		s.w.Assert(err == nil, "begin: %v", err)
		if !ready {
			return struct{}{}, false
		}
		s.w.Point("read(2)")
		n, err := unix.Read(attempt.FD, buffer[:])
		s.w.Point("end")
		switch {
		case errors.Is(err, unix.EAGAIN):
			s.source.End(attempt, reactor.WouldBlock)
		case err != nil:
			s.w.Errorf("read: %v", err)
		case n == 0:
			s.source.End(attempt, reactor.MayGoOn)
			return struct{}{}, true
		default:
			s.read = append(s.read, buffer[:n]...)
			s.source.End(attempt, reactor.CameShort)
		}
	}
}

func (s *socket) close() {
	s.source.Close()
	s.epoll.Close()
}

func readWhileThePeerWrites(w *explore.World) {
	s := newSocket(w)
	over := false
	w.Go("reader", func() {
		defer s.close()
		drive(w, s, &bell{w: w, name: "reader"})
		over = true
		w.Assert(string(s.read) == "hello", "read: %q", s.read)
	})
	w.Go("peer", func() {
		defer func() { unix.Close(s.peer); s.news = true }() // the FIN
		w.Point("write(2)")
		_, err := unix.Write(s.peer, []byte("hello"))
		s.news = true
		require.NoError(w, err)
		w.Point("close(2)")
	})
	w.Go("driver", func() {
		for !over {
			w.Wait("an event", func() bool { return s.news || over })
			if over {
				return
			}
			s.news = false
			for _, waker := range s.epoll.Park(0, nil) {
				waker.Wake()
			}
		}
	})
}

func TestSource_losesNoEventThatComesDuringARead(t *testing.T) {
	explore.Check(t, few(3), readWhileThePeerWrites)
}

func TestMuseum_findsTheRacesInTheReactor(t *testing.T) {
	const side, source = "../reactor/side_linux.go", "../reactor/source_linux.go"
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "a call that would have blocked clears an event that is newer", File: side,
			Old: "\tif s.tick != began {\n\t\treturn\n\t}\n", New: "",
			Test: "TestSource_losesNoEventThatComesDuringARead", Message: `lost wake-up: reader waits for "woken"`,
		},
		{
			Name: "a short read forgets the FIN", File: side,
			Old: "\tcase CameShort:\n\t\ts.ready = false", New: "\tcase CameShort:\n\t\ts.ready, s.final = false, false",
			Test: "TestSource_losesNoEventThatComesDuringARead", Message: `lost wake-up: reader waits for "woken"`,
		},
		{
			Name: "begin looks, and leaves the waker to the next one", File: source,
			Old: "\t\tside.waker = cx.Waker()\n", New: "\t\tif side.tick > 0 {\n\t\t\tside.waker = cx.Waker()\n\t\t}\n",
			Test: "TestSource_losesNoEventThatComesDuringARead", Message: `lost wake-up: reader waits for "woken"`,
		},
	})
}
