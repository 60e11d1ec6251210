package model

import (
	"context"
	"time"
)

// lastLimit is how much longer than the slow client's time the last of the
// others may wait before the measurement is given up.
const lastLimit = 30 * time.Second

// behindSlow connects a client that is being served, sends nothing more and
// goes only after slow, and then n clients that want one answer each. It
// returns when the last of them has got it, counted from when the first
// of them began to connect, and how many got none, with the reason of one of them.
func behindSlow(ctx context.Context, address string, n int, slow time.Duration) (last time.Duration, unanswered int, err error) {
	ctx, cancel := context.WithTimeout(ctx, slow+lastLimit)
	defer cancel()
	clients := clientsOf(address)
	slowClient, err := clients.ask(ctx)
	if err != nil {
		return 0, n, err
	}
	defer slowClient.Close()

	start := time.Now()
	letGo := time.AfterFunc(slow, func() { slowClient.Close() })
	defer letGo.Stop()

	answers := make(chan error, n)
	for range n {
		go func() {
			conn, err := clients.ask(ctx)
			if err == nil {
				conn.Close()
			}
			answers <- err
		}()
	}
	for range n {
		if clientErr := <-answers; clientErr != nil {
			unanswered++
			err = clientErr
		}
	}
	return time.Since(start), unanswered, err
}
