//go:build !race

package selectloop_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/async/step04-chat/chattest"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/selectloop"
)

// The frames of the loop's and the reader's calls must fit into 2 KiB: see conn.serve and Server.enter.
func TestServer_holdsTheSmallestStacksForAnIdleClient(t *testing.T) {
	server := &selectloop.Server{Hub: hub.New(hub.Config{})}
	perClient := chattest.IdleStacks(t, server.Serve)
	assert.Less(t, perClient, 5200., "bytes of stack for two goroutines; with frames that are too large it is more than 6 KiB")
}
