package client_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/client"
)

// pinged lets alice in, whose codec can ask for a sign of life.
func pinged(t *testing.T, settings client.Settings) *person {
	alice := enter(t, roomy(), "alice", settings)
	alice.codec.pings = true
	return alice
}

func TestPing_givesUpAfterThreeWithoutAnAnswer(t *testing.T) {
	alice := pinged(t, client.Settings{})
	for range 3 {
		assert.True(t, alice.Ping(), "it may be slow")
		assert.Equal(t, "<ping>\n", alice.told(), "it is asked")
	}
	assert.False(t, alice.Ping(), "three times it was asked")
}

// It need not be an answer: whatever comes from the client, it is there.
func TestPing_isAnsweredByAnyBytes(t *testing.T) {
	alice := pinged(t, client.Settings{})
	for range 5 {
		for range 3 {
			require.True(t, alice.Ping())
		}
		assert.Equal(t, "<ping>\n<ping>\n<ping>\n", alice.told(), "each that is not written yet")
		alice.types("h") // not even a line
	}
}

// Nothing is read from a client that talks too much: its answer is in the kernel, behind what it said.
func TestPing_doesNotCountWhileTheClientIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice := pinged(t, client.Settings{Rate: 0.01, Burst: 1})
		alice.types("one\ntwo\n")
		for range 10 {
			require.False(t, alice.Hungry())
			require.True(t, alice.Ping(), "it has said something that was not heard yet")
			alice.told()
		}
		alice.serve()
		time.Sleep(time.Minute)
		for range 3 {
			require.True(t, alice.Ping(), "now it counts, from the first on")
		}
		assert.False(t, alice.Ping())
	})
}

// Terminals can't be asked. They are left alone.
func TestPing_leavesAloneWhoCantBeAsked(t *testing.T) {
	alice := enter(t, roomy(), "alice", client.Settings{})
	for range 10 {
		assert.True(t, alice.Ping())
	}
	assert.Empty(t, alice.told())
}

// What was asked and not yet written comes before all else, and does not get lost when the end comes.
func TestPing_comesBeforeTheEnd(t *testing.T) {
	alice := pinged(t, client.Settings{})
	require.True(t, alice.Ping())
	alice.HearEnd(nil)
	assert.Equal(t, "<ping>\n<end>\n", alice.told())
}
