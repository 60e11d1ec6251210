package chat

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
	"go.uber.org/goleak"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is for a machine that is busy.
const patience = 30 * time.Second

// serve serves rooms on a port of this machine, until the end of the test or stop.
func serve(t *testing.T) (rooms *Rooms, url string, stop func()) {
	rooms = new(Rooms)
	var router httpd.Router
	rooms.Register(&router)
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		served <- (&httpd.Server{Handler: &router}).Serve(ctx, listener)
		close(served)
	}()
	stop = func() {
		cancel()
		require.NoError(t, <-served)
		rooms.Close()
	}
	t.Cleanup(stop)
	return rooms, "http://" + listener.Addr().String(), stop
}

// A visitor is a page that has a room.
type visitor struct {
	t      *testing.T
	url    string
	client *http.Client
	stream io.ReadCloser
	events *bufio.Scanner
	view   view
	screen [4][]string // what the terminals have shown
}

// visit begins a room, and waits until all terminals are in it.
func visit(t *testing.T, url string) *visitor {
	t.Helper()
	v := &visitor{t: t, url: url, client: &http.Client{Transport: &http.Transport{}, Timeout: 2 * patience}}
	response := v.post("/live/chat", "{}")
	require.Equal(t, 200, response.StatusCode)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	v.stream, v.events = response.Body, bufio.NewScanner(response.Body)
	t.Cleanup(v.vanish)
	v.until(func(now view) bool {
		for _, terminal := range now.Terminals {
			if !terminal.Open {
				return false
			}
		}
		return true
	})
	return v
}

// vanish ends the visit, as a page does that is closed.
func (v *visitor) vanish() {
	v.stream.Close()
	v.client.CloseIdleConnections()
}

func (v *visitor) post(path, body string) *http.Response {
	v.t.Helper()
	response, err := v.client.Post(v.url+path, "application/json", strings.NewReader(body))
	require.NoError(v.t, err)
	return response
}

// do posts an action, which must be accepted.
func (v *visitor) do(body string) {
	v.t.Helper()
	status, text := v.try(body)
	require.Equal(v.t, 200, status, text)
}

// try posts an action.
func (v *visitor) try(body string) (status int, text string) {
	v.t.Helper()
	response := v.post("/live/chat/"+v.view.ID, body)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(v.t, err)
	return response.StatusCode, string(content)
}

// next reads the next view. It reports false at the end of the stream.
func (v *visitor) next() bool {
	v.t.Helper()
	for v.events.Scan() {
		data, ok := strings.CutPrefix(v.events.Text(), "data: ")
		if !ok {
			continue
		}
		v.view = view{}
		require.NoError(v.t, json.Unmarshal([]byte(data), &v.view))
		for i, terminal := range v.view.Terminals {
			v.screen[i] = append(v.screen[i], terminal.Lines...)
		}
		return true
	}
	return false
}

// until reads views until one is as it should be.
func (v *visitor) until(right func(now view) bool) {
	v.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		require.True(v.t, v.next(), "the stream has ended")
		if right(v.view) {
			return
		}
		require.True(v.t, time.Now().Before(deadline), "it never became so: %+v", v.view)
	}
}
