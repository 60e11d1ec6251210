package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var out strings.Builder
	show(&out)
	require.Equal(t, `Both channels always have something. 10000 are served.
                 quiet is served  after at most so many of the flood
the flood first  0.0 %            10000
a fair select    45 to 55 %       luck: fewer than 60 here
batches of 16    5.9 %            16
`, out.String())
}

func TestBatches_serveTheQuietOneAfterEachBatch(t *testing.T) {
	always := make(chan struct{})
	close(always)
	counted := new(tally)
	batches(channels{always, always}, counted)
	assert.Equal(t, batch, counted.longest)
	assert.InDelta(t, services/(batch+1), counted.quiet, 1)
}

// Each loop sleeps while there is nothing, and serves whoever comes.
func TestLoops_waitForBoth(t *testing.T) {
	for name, loop := range map[string]func(channels, *tally){"prefer": prefer, "fair": fair, "batches": batches} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				flood, quiet, counted := make(chan struct{}), make(chan struct{}), new(tally)
				done := make(chan struct{})
				go func() {
					defer close(done)
					loop(channels{flood, quiet}, counted)
				}()
				for range 3 {
					synctest.Wait()
					flood <- struct{}{}
					synctest.Wait()
					quiet <- struct{}{}
				}
				synctest.Wait()
				assert.Equal(t, 3, counted.flood)
				assert.Equal(t, 3, counted.quiet)
				close(flood)
				<-done
				assert.GreaterOrEqual(t, counted.flood+counted.quiet, services)
			})
		})
	}
}
