package chat_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat"
)

// fill reads to the room of a buffer until it is full, and returns how much that was.
func fill(b *chat.ReadBuffer) int {
	size := len(b.Room())
	b.Filled(size)
	return size
}

func TestReadBuffer_isLargeOnlyForWhoSendsMuch(t *testing.T) {
	var b chat.ReadBuffer
	defer b.Free()
	small := fill(&b)
	require.Less(t, small, 512, "that is for each client that is silent")
	large := fill(&b)
	require.Greater(t, large, 4096, "this one has sent as much as fitted")
	assert.Len(t, b.Room(), large, "and goes on")
	b.Filled(large - 1)
	assert.Len(t, b.Room(), large, "nearly as much is worth it, too")
	b.Filled(1)
	assert.Len(t, b.Room(), small, "now it is typing")
	b.Filled(small - 1)
	assert.Len(t, b.Room(), small)
}

func TestReadBuffer_returnsWhatWasRead(t *testing.T) {
	var b chat.ReadBuffer
	defer b.Free()
	for _, text := range []string{"a line\n", string(make([]byte, len(b.Room()))), "after much\n"} {
		n := copy(b.Room(), text)
		assert.Equal(t, text, string(b.Filled(n)))
	}
}

// A thousand clients that send much, one after the other, need one large buffer.
func TestReadBuffer_givesALargeOneBack(t *testing.T) {
	for how, giveBack := range map[string]func(b *chat.ReadBuffer){
		"when little comes": func(b *chat.ReadBuffer) { b.Filled(1); b.Room() },
		"at the end":        (*chat.ReadBuffer).Free,
	} {
		var b chat.ReadBuffer
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			fill(&b)
			fill(&b)
			giveBack(&b)
		}), how)
	}
}
