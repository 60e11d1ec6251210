package cluster

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// BenchmarkLatency is how long one message takes from who says it to who hears it, on the same node and over NATS, which
// runs in this process, too: the median and the 99th percentile. The clients' connections are not measured.
func BenchmarkLatency(b *testing.B) {
	nats := startNATS(b)
	join := func() *node {
		c, err := Connect(Config{URL: nats.server.ClientURL(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		require.NoError(b, err)
		b.Cleanup(c.Close)
		return &node{t: b, cluster: c, hub: hub.New(hub.Config{Link: c})}
	}
	first, second := join(), join()
	for _, bench := range []struct {
		name     string
		listener *node
	}{{"A-A", first}, {"A-B", second}} {
		b.Run(bench.name, func(b *testing.B) {
			talker, listener := first.enter("", "#bench"), bench.listener.enter("", "#bench")
			defer talker.member.Leave()
			defer listener.member.Leave()
			require.Eventually(b, func() bool { // both are there
				talker.say("0")
				listener.look()
				return listener.count("[") > 0
			}, soon, often)
			listener.quiet()
			var times []time.Duration
			b.ResetTimer()
			for i := range b.N {
				start := time.Now()
				talker.say("hello")
				listener.nextSpoken()
				times = append(times, time.Since(start))
				if i%64 == 0 {
					talker.look()
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1e3, "µs-median")
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1e3, "µs-p99")
		})
	}
}

// quiet waits until nothing comes any more.
func (u *user) quiet() {
	for {
		before := len(u.seen)
		time.Sleep(50 * time.Millisecond) // of a benchmark: it has no other way to know
		if u.look(); len(u.seen) == before {
			return
		}
	}
}

// BenchmarkThroughput is how many messages a second come from A to B, when A talks as fast as B's listener can
// follow: at most 64 are on their way.
func BenchmarkThroughput(b *testing.B) {
	nats := startNATS(b)
	first, second := nats.join(), nats.join()
	talker, listener := first.enter("", "#bench"), second.enter("", "#bench")
	require.Eventually(b, func() bool {
		talker.say("0")
		listener.look()
		return listener.count("[") > 0
	}, soon, often)
	listener.quiet()
	token := make(chan struct{}, 64)
	done := make(chan error)
	go func() {
		var err error
		for i := range b.N {
			m := listener.nextSpoken()
			if want := fmt.Sprint(i); m.Text != want && err == nil {
				err = fmt.Errorf("%q came, and not %q", m.Text, want)
			}
			<-token
		}
		done <- err
	}()
	b.ResetTimer()
	for i := range b.N {
		token <- struct{}{}
		talker.say(fmt.Sprint(i))
	}
	require.NoError(b, <-done)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// nextSpoken waits for the next message, as a select loop does.
func (u *user) nextSpoken() *session.Message {
	for {
		m, err := u.member.TryRecv()
		if err == nil {
			if m.Spoken() || m.Kind == session.Missed {
				return m
			}
			continue
		}
		<-u.member.RoomReady()
	}
}
