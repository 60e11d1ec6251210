//go:build !race

package chat_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/async/step04-chat/chat"
	"example.com/async/step04-chat/chattest"
)

// The frames of a goroutine's calls, while it waits in Read or Write, must fit into 2 KiB: see Server.enter.
func TestServer_holdsTheSmallestStacksForAnIdleClient(t *testing.T) {
	perClient := chattest.IdleStacks(t, new(chat.Server).Serve)
	assert.Less(t, perClient, 5200., "bytes of stack for two goroutines; with frames that are too large it is more than 6 KiB")
}
