package measure

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"time"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/load/client"
	httpload "example.com/async/step02-http/load/generator"
	chatload "example.com/async/step04-chat/load/generator"
)

const (
	// warm is how long a server is used before it is measured, window for how long it is measured. All of them, three
	// times, take some ten seconds: what a reader waits for.
	warm   = 100 * time.Millisecond
	window = 300 * time.Millisecond
	// untilStop is for loads that are stopped from outside.
	untilStop = time.Hour
)

func dial(address string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
}

// requests returns how many requests a second a server answers.
func requests(ctx context.Context, address string) (float64, error) {
	request, err := client.NewRequest(http1.MethodGet, address, "/", nil, "")
	if err != nil {
		return 0, err
	}
	right := func(r client.Response) bool { return r.Status == 200 && string(r.Content) == greeting }
	runtime.GC() // what the last server has left behind is not this one's price
	run, err := httpload.Start(ctx, httpload.Load{
		Dial: dial(address), Endpoints: []httpload.Endpoint{{Request: request, Right: right}}, Conns: 64, Duration: untilStop,
	})
	if err != nil {
		return 0, err
	}
	sleep(ctx, warm)
	run.Reset()
	sleep(ctx, window)
	measured := run.Snapshot()
	run.Stop()
	result := run.Wait()
	// Of the requests that Stop has interrupted nothing is said.
	if wrong := result.Answered() - result.Right(); wrong > 0 || measured.Failed > 0 {
		return 0, fmt.Errorf("%d answers were wrong, and %d did not come", wrong, measured.Failed)
	}
	if measured.Answered == 0 {
		return 0, errors.New("nothing was answered")
	}
	return float64(measured.Answered) / measured.Elapsed.Seconds(), nil
}

// deliveries returns how many messages a second a room delivers: each counts at each of its receivers.
func deliveries(ctx context.Context, address string) (float64, error) {
	runtime.GC()
	room, err := chatload.Join(ctx, chatload.Load{
		Dial: dial(address), Clients: 50, Senders: 5, Window: 64, Size: 32, Duration: untilStop,
	})
	if err != nil {
		return 0, err
	}
	defer room.Leave()
	room.Start()
	sleep(ctx, warm)
	room.Reset()
	sleep(ctx, window)
	measured := room.Snapshot()
	room.Stop()
	result := room.Wait()
	if wrong := result.Lost + result.Late + result.Again + result.Garbled; wrong > 0 {
		return 0, fmt.Errorf("%d messages were lost, late, or other than what was sent", wrong)
	}
	if measured.Delivered == 0 {
		return 0, errors.New("nothing was delivered")
	}
	return float64(measured.Delivered) / measured.Elapsed.Seconds(), nil
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
