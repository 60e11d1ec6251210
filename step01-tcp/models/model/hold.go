package model

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// firstAnswerLimit is how long the first answer of a server may take, whose
// machine is perhaps busy.
const firstAnswerLimit = 30 * time.Second

// hold connects n clients that stay, silent after their first byte, and returns
// how many of them the server has answered, when all are or when no further
// answer has come for patience. While their connections are open it calls atPeak.
// The error is the first that a client met before that.
func hold(ctx context.Context, address string, n int, patience time.Duration, atPeak func()) (held int, err error) {
	ctx, release := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer release()

	clients := clientsOf(address)
	answers := make(chan error)
	for range n {
		running.Go(func() {
			conn, err := clients.ask(ctx)
			select {
			case answers <- err:
			case <-ctx.Done():
			}
			if err == nil {
				<-ctx.Done()
				conn.Close()
			}
		})
	}

	quiet := time.NewTimer(firstAnswerLimit)
	defer quiet.Stop()
	for waiting, over := n, false; waiting > 0 && !over; {
		select {
		case clientErr := <-answers:
			waiting--
			if clientErr == nil {
				held++
				quiet.Reset(patience)
			}
			err = cmp.Or(err, clientErr)
		case <-quiet.C:
			over = true
		case <-ctx.Done():
			return held, ctx.Err()
		}
	}
	atPeak()
	return held, err
}
