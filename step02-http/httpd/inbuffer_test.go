package httpd

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (b *inBuffer) put(text string) {
	for len(text) > 0 {
		n := copy(b.room(), text)
		b.add(n)
		text = text[n:]
	}
}

func TestInBuffer_keepsTheBytesWhateverHappensToTheMemory(t *testing.T) {
	var b inBuffer
	var want string
	for i := range 200 {
		piece := strings.Repeat(string(rune('a'+i%26)), 1+i*37%3000)
		b.put(piece)
		want += piece
		drop := i * 53 % (len(want) + 1)
		b.drop(drop)
		want = want[drop:]
		require.Equal(t, want, string(b.bytes))
		require.GreaterOrEqual(t, len(b.room()), leastRoom)
	}
}

func TestInBuffer_usesItsMemoryAgain(t *testing.T) {
	var b inBuffer
	for range 1000 {
		b.put(strings.Repeat("x", 100))
		b.drop(100)
	}
	require.Len(t, b.memory, firstSize)
	b.put(strings.Repeat("x", 10*keepBuffer))
	b.clear()
	require.LessOrEqual(t, len(b.memory), keepBuffer, "a large request must not make the buffer large for good")
}

func TestInBuffer_growsOnlyAsBytesCome(t *testing.T) {
	var b inBuffer
	b.put(strings.Repeat("x", 100_000))
	require.Less(t, len(b.memory), 300_000)
}
