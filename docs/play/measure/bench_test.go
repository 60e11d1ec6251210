package measure

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

// patience is for a machine that is busy.
const patience = time.Minute

// serve serves a bench on a port of this machine, until the end of the test or stop.
func serve(t *testing.T) (bench *Bench, url string, stop func()) {
	bench = new(Bench)
	var router httpd.Router
	bench.Register(&router)
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
	}
	t.Cleanup(stop)
	return bench, "http://" + listener.Addr().String(), stop
}

// post asks for a run, on a connection of its own.
func post(t *testing.T, url string) *http.Response {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * patience}
	response, err := client.Post(url+"/live/measure", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// reports reads the stream to its end, or until enough says so.
func reports(t *testing.T, stream io.Reader, enough func(report) bool) (all []report) {
	t.Helper()
	for events := bufio.NewScanner(stream); events.Scan(); {
		data, ok := strings.CutPrefix(events.Text(), "data: ")
		if !ok {
			continue
		}
		var rep report
		require.NoError(t, json.Unmarshal([]byte(data), &rep))
		all = append(all, rep)
		if enough(rep) {
			break
		}
	}
	return all
}

func TestBench_measuresAllServersInRounds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	bench, url, _ := serve(t)
	response := post(t, url)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	all := reports(t, response.Body, func(report) bool { return false })
	require.Len(t, all, 1+rounds*len(subjects))
	last := all[len(all)-1]
	require.Empty(t, last.Doing)
	require.Len(t, last.Groups, 2)
	for _, g := range last.Groups {
		for _, r := range g.Rows {
			require.Empty(t, r.Problem, r.Name)
			require.Len(t, r.Rounds, rounds, r.Name)
			require.Positive(t, r.Median, r.Name)
		}
	}
	require.Eventually(t, func() bool { return !bench.taken.Load() }, patience, time.Millisecond, "the next page can begin")
}

func TestBench_onePageAtATime(t *testing.T) {
	bench, url, _ := serve(t)
	first := post(t, url)
	reports(t, first.Body, func(report) bool { return true })
	second := post(t, url)
	text, err := io.ReadAll(second.Body)
	require.NoError(t, err)
	require.Equal(t, 409, second.StatusCode)
	require.Contains(t, string(text), "another page measures")

	first.Body.Close() // it vanishes in the middle of a measurement
	require.Eventually(t, func() bool { return !bench.taken.Load() }, patience, time.Millisecond)
	third := post(t, url)
	require.Equal(t, 200, third.StatusCode)
	reports(t, third.Body, func(rep report) bool { return rep.Done > 0 })
}

func TestBench_endsWithTheServer(t *testing.T) {
	_, url, stop := serve(t)
	response := post(t, url)
	reports(t, response.Body, func(report) bool { return true })
	began := time.Now()
	stop()
	require.Less(t, time.Since(began), 9*time.Second, "it didn't wait until it was cut")
}
