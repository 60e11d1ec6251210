package model

import (
	"bytes"
	"context"
	"io"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRun_tellsWhatWentWrongUnderTheTable(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, []Model{failing}, Options{Conns: 1, Slow: long}, Table))
	assert.Contains(t, out.String(), "\nfailing: the server ended: permission denied\n")
}

func TestRun_endsWithTheContext(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	require.ErrorIs(t, run(ctx, io.Discard, All(), Options{Conns: 1, Slow: long}, Table), context.Canceled)
}

func TestTable_alignsFiguresUnderTheirHeads(t *testing.T) {
	const kib = 1 << 10
	results := []Result{
		{Model: "one at a time", Held: 1, Last: 1002 * time.Millisecond,
			Empty: Usage{Memory: 5000 * kib, Threads: 5}, Full: Usage{Memory: 5100 * kib, Threads: 5}},
		{Model: "a thread each", Held: 1000, Last: 98765 * time.Microsecond,
			Empty: Usage{Memory: 5000 * kib, Threads: 5}, Full: Usage{Memory: 30100 * kib, Threads: 1005}},
		{Model: "on another system", Held: 1000, Last: 80 * time.Millisecond,
			Empty: Usage{Memory: 5000 * kib, Threads: 5}, Full: Usage{Memory: 13500 * kib, Threads: 6, Estimated: true}},
		{Model: "dead", Held: 3, Unanswered: 2, Last: time.Second, Empty: Usage{Memory: 5000 * kib, Threads: 5}},
	}
	var text, markdown bytes.Buffer
	require.NoError(t, Table(&text, results))
	require.NoError(t, MarkdownTable(&markdown, results))
	assert.Equal(t, `
model              held  last answer (ms)  memory (KiB/conn)  threads
one at a time         1              1002                  -        5
a thread each      1000                99               25.1     1005
on another system  1000                80          about 8.5        6
dead                  3                 -                  -        -
`, "\n"+text.String())
	assert.Equal(t, `
| model             | held | last answer (ms) | memory (KiB/conn) | threads |
| :-- | --: | --: | --: | --: |
| one at a time     |    1 |             1002 |                 - |       5 |
| a thread each     | 1000 |               99 |              25.1 |    1005 |
| on another system | 1000 |               80 |         about 8.5 |       6 |
| dead              |    3 |                - |                 - |       - |
`, "\n"+markdown.String())
}

func TestFitFileLimit_leavesRoomForOtherFiles(t *testing.T) {
	assert.Equal(t, 1000, fitFileLimit(1000, math.MaxInt))
	assert.Equal(t, 1000, fitFileLimit(1000, 1000+otherFiles))
	assert.Equal(t, 224, fitFileLimit(1000, 256))
	assert.Equal(t, 1, fitFileLimit(1000, 10))
}
