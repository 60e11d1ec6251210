package asyncnet

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step03-statemachine/future"
)

func TestConn_readsWhatIsThereAndWakesForWhatComes(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		send(w, client, "hello")
		require.Equal(w, "hello", w.read(c, 10))
		reading := inTask(w, Read(c, make([]byte, 10)), "bytes came, and the reader sleeps")
		send(w, client, "again")
		require.Equal(w, 5, reading().Value)
	})
}

func TestConn_readsNoMoreThanFits(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		send(w, client, "hello")
		got := ""
		for len(got) < 5 {
			got += w.read(c, 2)
		}
		require.Equal(w, "hello", got)
	})
}

// The FIN comes together with the last bytes: one event for both. Which call takes the bytes, and
// whether it comes short, depends on the size of the buffer.
func TestConn_findsTheEndBehindTheLastBytesWithABufferOfAnySize(t *testing.T) {
	onEach(t, func(w *world) {
		const text = "the last words"
		for _, size := range []int{1, len(text) - 1, len(text), len(text) + 1, 4096} {
			for _, waiting := range []bool{false, true} {
				c, client := w.connect()
				if waiting {
					w.waitToRead(c, newBell())
				}
				send(w, client, text)
				require.NoError(w, client.CloseWrite())
				var got []byte
				p := make([]byte, size)
				for {
					result := await(w, Read(c, p), "all bytes are read, and the end is never seen")
					got = append(got, p[:result.Value]...)
					if result.Err != nil {
						require.Equal(w, io.EOF, result.Err)
						break
					}
				}
				require.Equal(w, text, string(got))
				client.Close()
				c.Close()
			}
		}
	})
}

func TestConn_goesOnToWriteAfterThePeersFIN(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		require.NoError(w, client.CloseWrite())
		require.Equal(w, io.EOF, w.readErr(c))
		require.Equal(w, io.EOF, w.readErr(c), "the end is the end every time")
		w.write(c, "still here")
		expect(w, client, "still here")
	})
}

func TestConn_closeWriteEndsOneDirection(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		w.write(c, "that is all")
		require.NoError(w, c.CloseWrite())
		got, err := io.ReadAll(client)
		require.NoError(w, err)
		require.Equal(w, "that is all", string(got), "the FIN comes behind what was written before")
		send(w, client, "I go on")
		require.Equal(w, "I go on", w.read(c, 10))
		result := await(w, WriteAll(c, []byte("x")), "a write after CloseWrite waits")
		require.ErrorIs(w, result.Err, syscall.EPIPE)
	})
}

func TestWriteAll_sendsEightMebibytesToAClientThatReadsLater(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		sent := make([]byte, 8<<20)
		rand.NewChaCha8([32]byte{}).Read(sent)
		polls, begun := 0, make(chan struct{})
		writing := WriteAll(c, sent)
		wait := inTask(w, future.Func[future.Result[int]](func(cx *future.Context) (future.Result[int], bool) {
			polls++
			result, ready := writing.Poll(cx) // far more than fits: it goes as far as it can
			if polls == 1 {
				close(begun)
			}
			return result, ready
		}), "the client has read everything, and the writer still waits")
		<-begun

		require.NoError(w, client.SetReadDeadline(time.Now().Add(patience)))
		got := make([]byte, len(sent))
		n, err := io.ReadFull(client, got)
		require.NoError(w, err, "of 8 MiB %d bytes came", n)
		require.True(w, bytes.Equal(sent, got), "not the same bytes came")
		require.Equal(w, future.Result[int]{Value: len(sent)}, wait())
		require.Less(w, polls, len(sent)/1024, "a writer that waits is polled when there is room, not all the time")
	})
}

func TestConn_doesNotTakeMoreThanFitsBetweenItAndAClientThatDoesNotRead(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		waker := newBell()
		written := w.fillUp(c, waker)
		read, err := io.CopyN(io.Discard, client, int64(written))
		require.NoError(w, err)
		require.EqualValues(w, written, read)
		waker.mustRing(w, "the client has read everything, and the writer sleeps")
	})
}

func TestConn_tellsTheReaderOfAReset(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		reading := inTask(w, Read(c, make([]byte, 10)), "the connection was reset, and the reader sleeps")
		reset(w, client)
		err := reading().Err
		require.True(w, errors.Is(err, syscall.ECONNRESET), "got %v", err)
		requireWrapped(w, err, "read")
	})
}

func TestConn_tellsTheWriterOfAReset(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		waker := newBell()
		w.fillUp(c, waker)
		reset(w, client)
		waker.mustRing(w, "the connection was reset, and the writer sleeps")
		var err error
		for err == nil { // what is in a buffer of the network goes first
			err = await(w, WriteAll(c, []byte("x")), "the connection was reset, and the writer sleeps").Err
		}
		require.True(w, errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE), "got %v", err)
		requireWrapped(w, err, "write")
		require.NotNil(w, c.RemoteAddr())
		require.Equal(w, client.LocalAddr().String(), c.RemoteAddr().String(), "the address is known after the reset")
	})
}

func TestConn_wakesOneDirectionOnly(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		reader, writer := newBell(), newBell()
		written := w.fillUp(c, writer)
		w.waitToRead(c, reader)

		before := writer.count()
		send(w, client, "x")
		reader.mustRing(w, "bytes came, and the reader sleeps")
		require.Equal(w, before, writer.count(), "bytes came, and the writer was woken, who waits for room")

		require.Equal(w, "x", w.read(c, 10))
		reader = newBell()
		w.waitToRead(c, reader)
		_, err := io.CopyN(io.Discard, client, int64(written))
		require.NoError(w, err)
		writer.mustRing(w, "there is room, and the writer sleeps")
		require.Zero(w, reader.count(), "there is room, and the reader was woken, who waits for bytes")
	})
}

func TestConn_wakesTheLastOfSeveralWakers(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		first, last := newBell(), newBell()
		w.waitToRead(c, first)
		w.waitToRead(c, last)
		send(w, client, "x")
		last.mustRing(w, "the Future has moved to another task, and the old one was woken")
	})
}

func TestConn_losesNothingWhenAReadIsGivenUp(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		bell := newBell()
		w.waitToRead(c, bell) // and nobody polls again
		send(w, client, "hello")
		bell.mustRing(w, "bytes came, and nobody is told")
		require.Equal(w, "hello", w.read(c, 10))
	})
}

func TestConn_spendsTheBudgetForWhatItDoesAndNothingForWaiting(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		waker, cx, p := newBell(), new(future.Context), make([]byte, 1)
		cx.Renew(waker, 1)
		for range 3 {
			_, ready, _ := c.PollRead(cx, p)
			require.False(w, ready)
		}
		require.Zero(w, waker.count(), "waiting is not work")
		send(w, client, "xyz")
		waker.mustRing(w, "bytes came, and the reader sleeps")

		_, ready, err := c.PollRead(cx, p)
		require.NoError(w, err)
		require.True(w, ready, "the budget of one operation was not used yet")
		before := waker.count()
		_, ready, _ = c.PollRead(cx, p)
		require.False(w, ready, "the budget is used up")
		require.Equal(w, before+1, waker.count(), "the budget is used up, and nobody polls again")
		_, ready, _ = c.PollWrite(cx, p)
		require.False(w, ready, "the budget is used up")
	})
}

func TestConn_hasNothingToDoForAnEmptyBuffer(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		send(w, client, "x")
		for range 3 {
			result := await(w, Read(c, nil), "a read into nothing waits")
			require.Equal(w, future.Result[int]{}, result)
			result = await(w, WriteAll(c, nil), "a write of nothing waits")
			require.Equal(w, future.Result[int]{}, result)
		}
		require.Equal(w, "x", w.read(c, 10))
	})
}

func TestConn_closeWakesWhoeverWaits(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		reader, writer := newBell(), newBell()
		w.fillUp(c, writer)
		w.waitToRead(c, reader)
		require.NoError(w, c.Close())
		reader.mustRing(w, "the connection was closed, and the reader sleeps")
		writer.mustRing(w, "the connection was closed, and the writer sleeps")
		require.ErrorIs(w, w.readErr(c), net.ErrClosed)
		result := await(w, WriteAll(c, []byte("x")), "the connection was closed, and the writer sleeps")
		require.ErrorIs(w, result.Err, net.ErrClosed)
	})
}

func TestConn_closedTwiceSaysSoAndDoesNothing(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		require.NoError(w, c.Close())
		next, nextClient := w.connect() // with the same descriptor, perhaps
		defer nextClient.Close()
		require.ErrorIs(w, c.Close(), net.ErrClosed)
		require.ErrorIs(w, c.CloseWrite(), net.ErrClosed)
		require.NotNil(w, c.LocalAddr())
		require.NotNil(w, c.RemoteAddr())
		send(w, nextClient, "x")
		require.Equal(w, "x", w.read(next, 10))
	})
}

func TestConn_sendsWhatWasWrittenBeforeItIsClosed(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		w.write(c, "goodbye")
		require.NoError(w, c.Close())
		got, err := io.ReadAll(client)
		require.NoError(w, err)
		require.Equal(w, "goodbye", string(got))
	})
}

func TestConn_knowsItsAddresses(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		require.Equal(w, client.RemoteAddr().String(), c.LocalAddr().String())
		require.Equal(w, client.LocalAddr().String(), c.RemoteAddr().String())
		require.Equal(w, "tcp", c.RemoteAddr().Network())
	})
}

func TestNetwork_takesOverAConnectionOfPackageNet(t *testing.T) {
	onEach(t, func(w *world) {
		client := w.dial()
		defer client.Close()
		accepted := await(w, Accept(w.listener), "a client was not accepted")
		require.NoError(w, accepted.Err)
		c, err := w.network.Conn(client)
		require.NoError(w, err)
		w.write(c, "from the client")
		require.Equal(w, "from the client", w.read(accepted.Value, 100))
		w.write(accepted.Value, "to it")
		require.Equal(w, "to it", w.read(c, 100))
		require.NoError(w, c.Close())
		require.Equal(w, io.EOF, w.readErr(accepted.Value))
	})
}

func TestNetwork_closesWhatIsLeftAndWakesWhoeverWaits(t *testing.T) {
	onEach(t, func(w *world) {
		c, client := w.connect()
		defer client.Close()
		reader, acceptor := newBell(), newBell()
		w.waitToRead(c, reader)
		_, ready, _ := w.listener.PollAccept(future.NewContext(acceptor))
		require.False(w, ready)
		w.rt.Shutdown()
		reader.mustRing(w, "the network was closed, and the reader sleeps")
		acceptor.mustRing(w, "the network was closed, and the accept loop sleeps")
		_, _, err := c.PollRead(future.NewContext(reader), make([]byte, 1))
		require.ErrorIs(w, err, net.ErrClosed)
		_, _, err = w.listener.PollAccept(future.NewContext(reader))
		require.ErrorIs(w, err, net.ErrClosed)
		_, err = io.ReadAll(client)
		require.NoError(w, err, "the connection was not closed")

		late, err := w.clients.Listen()
		require.NoError(w, err)
		_, err = w.network.Listener(late)
		require.ErrorIs(w, err, net.ErrClosed)
		require.Error(w, late.Close(), "what was given to a closed network must be closed, too")
	})
}

// reset ends the connection with TCP's RST.
func reset(w *world, client lesson.Conn) {
	w.Helper()
	require.NoError(w, client.SetLinger(0))
	require.NoError(w, client.Close())
}

// requireWrapped expects an error in the form that package net gives it.
func requireWrapped(w *world, err error, op string) {
	w.Helper()
	var wrapped *net.OpError
	require.ErrorAs(w, err, &wrapped)
	require.Equal(w, op, wrapped.Op)
	require.Equal(w, "tcp", wrapped.Net)
}
