package http1

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The drawing at State stands in the chapter, too. These are its arrows.
var drawn = map[[2]State]bool{
	{Start, RequestLine}:        true,
	{RequestLine, HeaderFields}: true,
	{HeaderFields, Done}:        true,
	{HeaderFields, FixedBody}:   true,
	{HeaderFields, ChunkSize}:   true,
	{FixedBody, Done}:           true,
	{ChunkSize, ChunkData}:      true,
	{ChunkData, ChunkEnd}:       true,
	{ChunkEnd, ChunkSize}:       true,
	{ChunkSize, Trailers}:       true,
	{Trailers, Done}:            true,
}

func TestState_goesWhereTheDrawingSays(t *testing.T) {
	gone := map[[2]State]bool{}
	for _, stream := range accepted {
		p := NewParser(small)
		from := p.State()
		var buf []byte
		for i := range len(stream.stream) {
			rest, done, err := p.Parse(append(buf, stream.stream[i]))
			require.NoError(t, err, stream.name)
			if to := p.State(); to != from {
				gone[[2]State{from, to}] = true
				from = to
			}
			buf = rest
			if done {
				buf = buf[p.Len():]
				p.Next()
				from = p.State()
			}
		}
	}
	assert.Equal(t, drawn, gone)

	source, err := os.ReadFile("state.go")
	require.NoError(t, err)
	drawing, _, found := strings.Cut(string(source), "type State ")
	require.True(t, found)
	for _, name := range stateNames {
		assert.Contains(t, drawing, name, "each state is in the drawing")
	}
}
