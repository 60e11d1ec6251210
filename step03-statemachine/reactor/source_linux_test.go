package reactor

import (
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"example.com/async/step03-statemachine/future"
	"example.com/async/step03-statemachine/futuretest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSource_wakesTheReaderWhenBytesCome(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	reader := waitFor(t, source, Read)

	write(t, peer, "x")
	park(e)

	require.Equal(t, 1, reader.Wakes())
	require.Equal(t, "x", read(t, source, 10))
}

func TestSource_isWorthTryingOnceItIsRegistered(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	write(t, peer, "x")
	require.Equal(t, "x", read(t, source, 10), "no event was needed: a client has often sent its request before it is accepted")
}

func TestSource_wakesNobodyForTheOtherDirection(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	fill(t, source)
	reader, writer := waitFor(t, source, Read), waitFor(t, source, Write)

	write(t, peer, "x")
	park(e)
	require.Equal(t, 1, reader.Wakes(), "bytes came")
	require.Zero(t, writer.Wakes(), "the writer waits for room, and bytes came")

	read(t, source, 10)
	reader = waitFor(t, source, Read)
	drain(t, peer)
	park(e)
	require.Equal(t, 1, writer.Wakes(), "there is room")
	require.Zero(t, reader.Wakes(), "the reader waits for bytes, and there is room")
}

func TestSource_wakesTheLastWakerOfADirection(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	first, last := waitFor(t, source, Read), waitFor(t, source, Read)
	write(t, peer, "x")
	park(e)
	require.Equal(t, 1, last.Wakes())
	require.Zero(t, first.Wakes())
}

func TestSource_wakesBothWhenThePeerIsGone(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	fill(t, source)
	reader, writer := waitFor(t, source, Read), waitFor(t, source, Write)
	peer.Close()
	park(e)
	require.Equal(t, 1, reader.Wakes(), "a reader that sleeps through a hang-up sleeps for ever")
	require.Equal(t, 1, writer.Wakes(), "a writer that sleeps through a hang-up sleeps for ever")
}

// What each bit of an event means. Linux sets IN and OUT together with most of the others; nothing
// that can be read says that it must.
func TestSource_wakesWhomAnEventConcerns(t *testing.T) {
	e := newEpoll(t)
	for _, test := range []struct {
		name                     string
		events                   uint32
		reader, writer           bool
		endOfReading, endOfWrite bool
	}{
		{"IN", unix.EPOLLIN, true, false, false, false},
		{"OUT", unix.EPOLLOUT, false, true, false, false},
		{"IN and OUT", unix.EPOLLIN | unix.EPOLLOUT, true, true, false, false},
		{"RDHUP: the peer's FIN", unix.EPOLLRDHUP, true, false, true, false},
		{"HUP: both directions have ended", unix.EPOLLHUP, true, true, true, true},
		{"ERR: a reset, say", unix.EPOLLERR, true, true, true, true},
	} {
		source, _ := register(t, e)
		reader, writer := new(futuretest.Waker), new(futuretest.Waker)
		source.sides = [2]side{Read: {waker: reader}, Write: {waker: writer}}
		for _, waker := range source.deliver(test.events, nil) {
			waker.Wake()
		}
		require.Equal(t, test.reader, reader.Woken(), "%s: is the reader woken?", test.name)
		require.Equal(t, test.writer, writer.Woken(), "%s: is the writer woken?", test.name)
		require.Equal(t, test.endOfReading, source.sides[Read].final, test.name)
		require.Equal(t, test.endOfWrite, source.sides[Write].final, test.name)
	}
}

// The window between the system call that finds nothing and the note that there is nothing.
func TestSource_keepsAnEventThatComesBetweenTheCallAndItsEnd(t *testing.T) {
	e := newEpoll(t)
	source, peer := register(t, e)
	waitFor(t, source, Read)
	write(t, peer, "1")
	park(e)

	attempt, ready, err := source.Begin(future.NewContext(new(futuretest.Waker)), Read)
	require.NoError(t, err)
	require.True(t, ready)
	buffer := make([]byte, 10)
	n, err := unix.Read(attempt.FD, buffer)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	write(t, peer, "2")
	park(e) // another worker, say
	source.End(attempt, CameShort)

	require.Equal(t, "2", read(t, source, 10))
}

func TestSource_whoseEventWasFetchedBeforeItsCloseWakesNobodyElse(t *testing.T) {
	e := newEpoll(t)
	old, peer := register(t, e)
	park(e) // the event of the registration
	write(t, peer, "x")
	require.True(t, e.look())
	require.NoError(t, old.Close())

	next, _ := register(t, e)
	require.Equal(t, old.fd, next.fd, "the test wants the kernel to use the number again")
	require.Equal(t, old.slot, next.slot, "the test wants the slot to be used again")
	reader := new(futuretest.Waker)
	next.sides[Read] = side{waker: reader} // it has read all that there is, and waits
	e.deliver(nil)
	require.Zero(t, next.sides[Read].tick, "an event of the old owner of this slot was taken for its own")
	require.Zero(t, reader.Wakes())
}

func TestClose_wakesWhoeverWaits(t *testing.T) {
	e := newEpoll(t)
	source, _ := register(t, e)
	fill(t, source)
	reader, writer := waitFor(t, source, Read), waitFor(t, source, Write)
	require.NoError(t, source.Close())
	require.Equal(t, 1, reader.Wakes())
	require.Equal(t, 1, writer.Wakes())
	for _, direction := range []Direction{Read, Write} {
		_, ready, err := source.Begin(future.NewContext(reader), direction)
		require.True(t, ready)
		require.ErrorIs(t, err, net.ErrClosed)
	}
	require.ErrorIs(t, source.Use(func(int) error { return nil }), net.ErrClosed)
}

func TestClose_twiceDoesNotCloseTheNextOwnersDescriptor(t *testing.T) {
	e := newEpoll(t)
	source, _ := register(t, e)
	require.NoError(t, source.Close())
	next, peer := register(t, e)
	require.Equal(t, source.fd, next.fd, "the test wants the kernel to use the number again")
	require.ErrorIs(t, source.Close(), net.ErrClosed)
	require.True(t, isOpen(int(next.fd)), "the second Close has closed the descriptor of the connection that came next")
	write(t, peer, "x")
	require.Equal(t, "x", read(t, next, 10))
}

func TestClose_keepsTheDescriptorAsLongAsACallUsesIt(t *testing.T) {
	e := newEpoll(t)
	source, _ := register(t, e)
	reading, _, err := source.Begin(future.NewContext(new(futuretest.Waker)), Read)
	require.NoError(t, err)
	writing, _, err := source.Begin(future.NewContext(new(futuretest.Waker)), Write)
	require.NoError(t, err)

	require.NoError(t, source.Close())
	const tooEarly = "its number could be another connection's before the call is made"
	require.True(t, isOpen(reading.FD), tooEarly)
	source.End(writing, MayGoOn)
	require.True(t, isOpen(reading.FD), tooEarly)
	source.End(reading, MayGoOn)
	require.False(t, isOpen(reading.FD), "the last user forgot to close it")
}

// Readers, a writer and a closer of the same connections, while their numbers are used again.
func TestSource_neverReadsAnotherConnectionsBytes(t *testing.T) {
	e := newEpoll(t)
	const rounds = 300
	for i := range rounds {
		source, peer := register(t, e)
		mark := byte(i)
		_, err := unix.Write(peer.fd, []byte{mark, mark})
		require.NoError(t, err)
		var using sync.WaitGroup
		for range 2 {
			using.Go(func() {
				attempt, ready, err := source.Begin(future.NewContext(new(futuretest.Waker)), Read)
				if err != nil || !ready {
					return
				}
				one := make([]byte, 1)
				if n, err := unix.Read(attempt.FD, one); err == nil && n == 1 && one[0] != mark {
					t.Errorf("read a byte of connection %d in connection %d", one[0], i)
				}
				source.End(attempt, MayGoOn)
			})
		}
		using.Go(func() { source.Close() })
		using.Go(func() { e.Unpark() })
		park(e)
		using.Wait()
		peer.Close()
	}
}

// ---- what the tests are written with

func newEpoll(t *testing.T) *Epoll {
	t.Helper()
	e, err := New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// A peer is the other end of a Source: a plain descriptor.
type peer struct {
	fd   int
	once sync.Once
}

func (p *peer) Close() { p.once.Do(func() { unix.Close(p.fd) }) }

// register returns one end of a connection as a Source, and the other end.
func register(t *testing.T, e *Epoll) (*Source, *peer) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	p := &peer{fd: fds[1]}
	t.Cleanup(p.Close)
	source := new(Source)
	require.NoError(t, e.Register(source, fds[0]))
	return source, p
}

// waitFor makes a waker wait in the direction, and takes what events there are before.
func waitFor(t *testing.T, source *Source, direction Direction) *futuretest.Waker {
	t.Helper()
	park(source.epoll)
	waker := new(futuretest.Waker)
	for {
		attempt, ready, err := source.Begin(future.NewContext(waker), direction)
		require.NoError(t, err)
		if !ready {
			return waker
		}
		source.End(attempt, WouldBlock)
	}
}

// park looks for events, and calls the wakers.
func park(e *Epoll) {
	for _, waker := range e.Park(0, nil) {
		waker.Wake()
	}
}

func write(t *testing.T, p *peer, text string) {
	t.Helper()
	n, err := unix.Write(p.fd, []byte(text))
	require.NoError(t, err)
	require.Equal(t, len(text), n)
}

// drain reads all that there is.
func drain(t *testing.T, p *peer) {
	t.Helper()
	buffer := make([]byte, 64<<10)
	for {
		if _, err := unix.Read(p.fd, buffer); err != nil {
			require.ErrorIs(t, err, unix.EAGAIN)
			return
		}
	}
}

// read makes one call that must find bytes.
func read(t *testing.T, source *Source, most int) string {
	t.Helper()
	attempt, ready, err := source.Begin(future.NewContext(new(futuretest.Waker)), Read)
	require.NoError(t, err)
	require.True(t, ready, "there are bytes, and nobody knows of them")
	buffer := make([]byte, most)
	n, err := unix.Read(attempt.FD, buffer)
	require.NoError(t, err)
	outcome := MayGoOn
	if n < most {
		outcome = CameShort
	}
	source.End(attempt, outcome)
	return string(buffer[:n])
}

// fill writes until there is no room.
func fill(t *testing.T, source *Source) {
	t.Helper()
	block := make([]byte, 64<<10)
	for {
		attempt, ready, err := source.Begin(future.NewContext(new(futuretest.Waker)), Write)
		require.NoError(t, err)
		require.True(t, ready)
		_, err = unix.Write(attempt.FD, block)
		if err != nil {
			require.ErrorIs(t, err, unix.EAGAIN)
			source.End(attempt, WouldBlock)
			return
		}
		source.End(attempt, MayGoOn)
	}
}

func isOpen(fd int) bool {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	return err == nil
}
