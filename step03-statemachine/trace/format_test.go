package trace_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step03-statemachine/trace"
)

var update = flag.Bool("update", false, "write the golden files")

// sample returns a trace of two tasks on one worker: hello sleeps; reader waits for a descriptor
// and wakes hello's neighbour; a third panics, a fourth is aborted.
func sample(room int) *trace.Trace {
	tr := trace.New(room)
	now := time.Duration(0)
	tr.Clock = func() time.Duration { return now }
	at := func(d time.Duration, e trace.Event) { now = d; tr.Record(e) }
	const hello, reader, bad, gone = 1, 2, 3, 4
	tr.Label(hello, "hello")
	tr.Label(reader, "reader <&>")
	ms := time.Millisecond
	at(0, trace.Event{Kind: trace.Spawned, Task: hello})
	at(0, trace.Event{Kind: trace.Spawned, Task: reader})
	at(ms/2, trace.Event{Kind: trace.PollStart, Task: hello})
	at(ms*3/4, trace.Event{Kind: trace.Joined, Task: hello})
	at(ms, trace.Event{Kind: trace.PollPending, Task: hello, Note: "Start -> Waiting"})
	at(ms, trace.Event{Kind: trace.PollStart, Task: reader})
	at(ms*3/2, trace.Event{Kind: trace.Spawned, Task: bad, By: reader})
	at(2*ms, trace.Event{Kind: trace.PollPending, Task: reader})
	at(2*ms, trace.Event{Kind: trace.PollStart, Task: bad})
	at(5*ms/2, trace.Event{Kind: trace.Panicked, Task: bad, Note: "oh"})
	at(5*ms/2, trace.Event{Kind: trace.Completed, Task: bad})
	at(5*ms/2, trace.Event{Kind: trace.Spawned, Task: gone})
	at(3*ms, trace.Event{Kind: trace.Parked})
	at(4*ms, trace.Event{Kind: trace.IOReady, Note: "fd 7"})
	at(4*ms, trace.Event{Kind: trace.Unparked})
	at(4*ms, trace.Event{Kind: trace.Woken, Task: reader, Source: trace.Reactor})
	at(5*ms, trace.Event{Kind: trace.Aborted, Task: gone})
	at(5*ms, trace.Event{Kind: trace.PollStart, Task: reader})
	at(11*ms/2, trace.Event{Kind: trace.Woken, Task: reader, By: reader, Source: trace.Task})
	at(6*ms, trace.Event{Kind: trace.PollPending, Task: reader})
	at(6*ms, trace.Event{Kind: trace.Cancelled, Task: gone})
	at(7*ms, trace.Event{Kind: trace.Parked})
	at(10*ms, trace.Event{Kind: trace.Unparked})
	at(10*ms, trace.Event{Kind: trace.TimerFired, Task: hello})
	at(10*ms, trace.Event{Kind: trace.Woken, Task: hello, Source: trace.Timer})
	at(21*ms/2, trace.Event{Kind: trace.PollStart, Task: hello})
	at(11*ms, trace.Event{Kind: trace.Woken, Task: reader, By: hello, Source: trace.Task})
	at(11*ms, trace.Event{Kind: trace.PollReady, Task: hello, Note: "Waiting -> Done"})
	at(11*ms, trace.Event{Kind: trace.Completed, Task: hello})
	at(12*ms, trace.Event{Kind: trace.PollStart, Task: reader})
	at(13*ms, trace.Event{Kind: trace.Noted, Task: reader, Note: "in the middle"})
	at(13*ms, trace.Event{Kind: trace.Noted, Note: "somebody looks"})
	return tr
}

func TestWrite_matchesTheGoldenFiles(t *testing.T) {
	for name, write := range map[string]func(*trace.Trace, io.Writer) error{
		"sample.txt":  (*trace.Trace).WriteText,
		"sample.svg":  (*trace.Trace).WriteSVG,
		"sample.json": (*trace.Trace).WriteJSON,
	} {
		var got bytes.Buffer
		require.NoError(t, write(sample(100), &got))
		path := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(path, got.Bytes(), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err, "go test -update writes it")
		require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), got.String(), name)
	}
}

func TestWriteText_saysHowManyEventsAreGone(t *testing.T) {
	var got bytes.Buffer
	require.NoError(t, sample(2).WriteText(&got))
	require.Equal(t, "30 earlier events are not kept\n"+
		"   13.000 ms  reader <&>  in the middle\n"+
		"   13.000 ms  outside     somebody looks\n", got.String())
}

func TestWriteSVG_isWellFormedWhateverTheRingHasLost(t *testing.T) {
	for room := 1; room <= 33; room++ {
		var got bytes.Buffer
		require.NoError(t, sample(room).WriteSVG(&got))
		requireXML(t, got.Bytes())
		require.NotContains(t, got.String(), "NaN", "room for %d", room)
	}
}

func TestWriteSVG_ofNoEventsSaysSo(t *testing.T) {
	var got bytes.Buffer
	require.NoError(t, trace.New(1).WriteSVG(&got))
	requireXML(t, got.Bytes())
	require.Contains(t, got.String(), "no events")
}

func TestWriteSVG_drawsOnlySoManyLanes(t *testing.T) {
	tr := trace.New(1000)
	for id := range trace.TaskID(100) {
		tr.Record(trace.Event{Kind: trace.Woken, Task: id + 1})
		tr.Record(trace.Event{Kind: trace.PollStart, Task: id + 1})
	}
	var got bytes.Buffer
	require.NoError(t, tr.WriteSVG(&got))
	requireXML(t, got.Bytes())
	require.Contains(t, got.String(), "52 more tasks are not drawn")
	require.Equal(t, 49, strings.Count(got.String(), `class="lane"`), "48 tasks, and outside")
}

func TestWriteJSON_hasASpanForEachPoll(t *testing.T) {
	var got bytes.Buffer
	require.NoError(t, sample(100).WriteJSON(&got))
	var file struct {
		TraceEvents []struct {
			Name string
			Ph   string
			Tid  int
			Ts   float64
			Dur  float64
		}
	}
	require.NoError(t, json.Unmarshal(got.Bytes(), &file))
	var polls []string
	for _, e := range file.TraceEvents {
		if e.Ph == "X" && e.Tid == 1 {
			polls = append(polls, fmt.Sprintf("%s at %v for %v", e.Name, e.Ts, e.Dur))
		}
	}
	require.Equal(t, []string{"poll -> pending at 500 for 500", "poll -> ready at 10500 for 500"}, polls)
}

func requireXML(t *testing.T, document []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}
