package broadcast_test

import (
	"testing"

	"go.uber.org/goleak"

	"example.com/async/internal/lesson"
	"example.com/async/step04-chat/broadcast/broadcasttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestChannel(t *testing.T) {
	lesson.RunInBubble(t, broadcasttest.Cases(), broadcasttest.Reference)
}

// The same cases in real time, those that need no bubble: there goroutines wait for locks, too.
func TestChannel_inRealTime(t *testing.T) {
	lesson.Run(t, broadcasttest.Cases(), broadcasttest.Reference)
}
