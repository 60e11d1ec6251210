package chat

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPace_waitsAndCanBeChangedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(2)
		began := time.Now()
		require.True(t, p.wait(t.Context()))
		require.Equal(t, 500*time.Millisecond, time.Since(began))

		p.set(0)
		done := make(chan bool)
		go func() { done <- p.wait(t.Context()) }()
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Empty(t, done, "it is stopped")
		p.set(asFastAsItCan + 1)
		require.True(t, <-done)

		p.set(0)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { done <- p.wait(ctx) }()
		cancel()
		require.False(t, <-done)
	})
}

func TestScreen_isBounded(t *testing.T) {
	var s screen
	for range screenLines + 7 {
		s.add(strings.Repeat("好", screenWidth+1))
	}
	lines, skipped := s.take()
	require.Len(t, lines, screenLines)
	require.Equal(t, 7, skipped)
	require.Equal(t, strings.Repeat("好", screenWidth)+"…", lines[0])
	lines, skipped = s.take()
	require.Empty(t, lines)
	require.Zero(t, skipped)
}

func TestFlood_isOneAtATimeAndCanBeStopped(t *testing.T) {
	var f flood
	a, b := newTerminal("A"), newTerminal("B")
	who, _ := f.next()
	require.Nil(t, who)
	f.begin(a)
	f.begin(b)
	who, line := f.next()
	require.Same(t, a, who)
	require.Len(t, line, floodWidth)
	require.Contains(t, line, "line 1 ")
	require.Equal(t, floodLines-1, f.remaining())
	f.stop()
	who, _ = f.next()
	require.Nil(t, who)
	f.begin(b)
	who, line = f.next()
	require.Same(t, b, who)
	require.Contains(t, line, "line 1 ")
}
