package models

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// serve serves the route, and returns how to ask it.
func serve(t *testing.T) (ask func(ctx context.Context, question string) *http.Response) {
	t.Helper()
	router := new(httpd.Router)
	Register(router)
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- (&httpd.Server{Handler: router}).Serve(ctx, listener) }()
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		stop()
		require.NoError(t, <-served)
	})
	return func(ctx context.Context, question string) *http.Response {
		request, err := http.NewRequestWithContext(ctx, "POST", "http://"+listener.Addr().String()+"/live/models", strings.NewReader(question))
		require.NoError(t, err)
		response, err := client.Do(request)
		require.NoError(t, err)
		t.Cleanup(func() { response.Body.Close() })
		return response
	}
}

// next reads the next event of a stream, or reports that it has ended.
func next(t *testing.T, stream *bufio.Reader) (e Event, more bool) {
	t.Helper()
	for {
		line, err := stream.ReadString('\n')
		if err == io.EOF {
			return Event{}, false
		}
		require.NoError(t, err)
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			require.NoError(t, json.Unmarshal([]byte(data), &e))
			return e, true
		}
	}
}

func TestHandler_sendsWhatHappensWhileItHappens(t *testing.T) {
	ask := serve(t)
	response := ask(t.Context(), `{"model": "an event loop"}`)
	require.Equal(t, 200, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	stream := bufio.NewReader(response.Body)
	first, more := next(t, stream)
	require.True(t, more)
	require.Equal(t, Connects, first.What)
	require.Equal(t, 0, first.Client)

	// The run goes on, so nobody else gets one.
	second := ask(t.Context(), `{"model": "one at a time"}`)
	require.Equal(t, 409, second.StatusCode)

	var events []Event
	for {
		e, more := next(t, stream)
		if !more {
			break
		}
		events = append(events, e)
	}
	for client, v := range visits {
		require.Len(t, timesOf(events, Answered, client), v.questions, "over real sockets")
		require.Len(t, timesOf(events, Begins, client), 1)
	}
	require.Equal(t, End, events[len(events)-1].What)
}

func TestHandler_isFreeAgainWhenThePageHasGone(t *testing.T) {
	ask := serve(t)
	ctx, leave := context.WithCancel(t.Context())
	response := ask(ctx, `{"model": "a thread each"}`)
	require.Equal(t, 200, response.StatusCode)
	_, more := next(t, bufio.NewReader(response.Body))
	require.True(t, more)
	leave()
	require.Eventually(t, func() bool {
		return ask(t.Context(), `{"model": "a goroutine each"}`).StatusCode == 200
	}, time.Minute, 50*time.Millisecond)
}

func TestHandler_refusesWhatIsNoModel(t *testing.T) {
	ask := serve(t)
	for _, question := range []string{``, `[]`, `{}`, `{"model": "a process each"}`, `{"model": 1}`} {
		require.Equal(t, 400, ask(t.Context(), question).StatusCode, question)
	}
}
