package httpd

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEvent_isTextThatNothingCanBreakOutOf(t *testing.T) {
	for want, event := range map[string]Event{
		"data: \n\n":      {},
		"data: hello\n\n": {Data: "hello"},
		"id: 7\nevent: tick\ndata: a\ndata: b\ndata: \n\n": {ID: "7", Name: "tick", Data: "a\nb\n"},
		"data: a\ndata: b\ndata: c\n\n":                    {Data: "a\r\nb\rc"},
		"id: 7data: x\nevent: tick\ndata: \n\n":            {ID: "7\r\ndata: x", Name: "ti\x00ck\n"},
	} {
		require.Equal(t, want, string(event.append(nil)))
	}
}

// events returns the stream that SendEvents makes of next.
func events(ctx context.Context, next func(context.Context) (Event, error)) io.Reader {
	var w ResponseWriter
	w.reset()
	SendEvents(&w, &Request{ctx: ctx}, next)
	return w.stream
}

func TestSendEvents_endsWithItsSource(t *testing.T) {
	n := 0
	stream := events(t.Context(), func(context.Context) (Event, error) {
		if n++; n > 2 {
			return Event{}, io.EOF
		}
		return Event{Data: "x"}, nil
	})
	require.NoError(t, iotest.TestReader(stream, []byte("data: x\n\ndata: x\n\n")))
}

func TestSendEvents_passesAnErrorOn(t *testing.T) {
	broken := errors.New("broken")
	_, err := io.ReadAll(events(t.Context(), func(context.Context) (Event, error) { return Event{}, broken }))
	require.Equal(t, broken, err)
}

// Only the heartbeat's own end is a sign to say something: a source whose database has a time limit
// would send comments without a pause.
func TestSendEvents_passesATimeOutOfTheSourceOn(t *testing.T) {
	_, err := io.ReadAll(io.LimitReader(events(t.Context(), func(context.Context) (Event, error) {
		return Event{}, context.DeadlineExceeded
	}), 100))
	require.Equal(t, context.DeadlineExceeded, err)
}

func TestSendEvents_sendsACommentWhileNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		stream := events(ctx, func(ctx context.Context) (Event, error) {
			<-ctx.Done()
			return Event{}, ctx.Err()
		})
		began := time.Now()
		text := make([]byte, 100)
		for i := range 3 {
			n, err := stream.Read(text)
			require.NoError(t, err)
			require.Equal(t, ":\n\n", string(text[:n]))
			require.Equal(t, time.Duration(i+1)*heartbeat, time.Since(began))
		}
		time.AfterFunc(time.Second, cancel)
		_, err := stream.Read(text)
		require.Equal(t, io.EOF, err, "the end of the context ends the stream in good order")
	})
}
