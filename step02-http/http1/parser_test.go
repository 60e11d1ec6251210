package http1

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParser_understandsRequests(t *testing.T) {
	for _, test := range accepted {
		t.Run(test.name, func(t *testing.T) {
			got := parsePieces(small, []byte(test.stream))
			require.Equal(t, append(verdict(test.want), "Start, 0 unread"), got)
		})
	}
}

func TestParser_knowsEachMethod(t *testing.T) {
	for _, method := range []string{
		MethodGet, MethodHead, MethodPost, MethodPut, MethodDelete, MethodPatch, MethodOptions, MethodTrace,
	} {
		require.Equal(t, method, parsed(t, method+" / HTTP/1.1\r\nHost: a\r\n\r\n").Method)
	}
}

func TestParser_refusesRequestsThatBreakARule(t *testing.T) {
	for _, test := range refused {
		t.Run(test.name, func(t *testing.T) {
			got := parsePieces(small, []byte(test.stream))
			require.Equal(t, test.want.Error(), got[len(got)-1])
		})
	}
}

func TestParser_everyErrorIsReachedByATest(t *testing.T) {
	seen := map[*Error]bool{}
	for _, test := range refused {
		seen[test.want] = true
	}
	for _, err := range []*Error{
		errEmptyLines, errRequestLine, errMethodToken, errMethodUnknown, errRequestLong, errVersion,
		errVersionMajor, errTargetForm, errTargetChar, errTargetPercent, errTargetFragment, errAsterisk,
		errScheme, errAuthority, errFieldFolded, errFieldFirst, errFieldName, errFieldSpace, errFieldValue,
		errHeaderLong, errFieldCount, errHostMissing, errHostTwice, errHostInvalid, errExpectation,
		errLengthTwice, errLengthInvalid, errLengthAndCoded, errCodingInvalid, errCodingOld,
		errCodingOrder, errCodingUnknown, errBodyLong, errChunkSize, errChunkExt, errChunkLine,
		errChunkEnd, errChunkExcess,
	} {
		require.True(t, seen[err], "no test leads to: %v", err)
		require.NotEmpty(t, StatusText(err.Status), "status %d has no text", err.Status)
	}
}

func TestParser_verdictDoesNotDependOnWhereTheBytesAreCut(t *testing.T) {
	for _, stream := range streams() {
		whole := []byte(stream)
		want := parsePieces(small, whole)
		step := 1
		if len(whole) > 1000 { // this test's own copying is quadratic: not all cuts of filling
			step = 89
		}
		for cut := 0; cut < len(whole); cut += step {
			got := parsePieces(small, whole[:cut], whole[cut:])
			require.Equal(t, want, got, "cut at %d: %q | %q", cut, whole[:cut], whole[cut:])
		}
		if step > 1 {
			continue
		}
		oneByOne := slices.Collect(slices.Chunk(whole, 1))
		require.Equal(t, want, parsePieces(small, oneByOne...), "byte by byte: %q", whole)
	}
}

func TestParser_verdictDoesNotDependOnTwoCuts(t *testing.T) {
	stream := []byte(chunkedHead + "3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: 1\r\n\r\n" + "GET /2 HTTP/1.0\r\n\r\n")
	want := parsePieces(small, stream)
	for i := range stream {
		for j := i; j < len(stream); j++ {
			require.Equal(t, want, parsePieces(small, stream[:i], stream[i:j], stream[j:]), "cut at %d and %d", i, j)
		}
	}
}

func TestParser_saysWhatItWaitsFor(t *testing.T) {
	p := NewParser(Limits{})
	var buf []byte
	for _, step := range []struct {
		add  string
		want State
	}{
		{"", Start}, {"\r", Start}, {"\n", Start}, {"P", RequestLine},
		{"OST / HTTP/1.1\r\n", HeaderFields}, {"Host: a\r\nTransfer-Encoding: chunked\r\n\r", HeaderFields},
		{"\n", ChunkSize}, {"3", ChunkSize}, {"\r\n", ChunkData}, {"ab", ChunkData}, {"c", ChunkEnd},
		{"\r", ChunkEnd}, {"\n", ChunkSize}, {"0\r\n", Trailers}, {"\r\n", Done},
	} {
		buf = append(buf, step.add...)
		rest, _, err := p.Parse(buf)
		require.NoError(t, err)
		require.Equal(t, step.want.String(), p.State().String(), "after %q", step.add)
		buf = rest
	}
	require.Equal(t, "abc", string(p.Request().Body()))
	require.False(t, p.State().InBody())
}

func TestParser_keepsTheFramingOfChunksOutOfTheBuffer(t *testing.T) {
	p := NewParser(Limits{})
	buf := []byte(chunkedHead)
	longest := 0
	for range 10_000 {
		for _, b := range []byte("1\r\nx\r\n") {
			rest, done, err := p.Parse(append(buf, b))
			require.NoError(t, err)
			require.False(t, done)
			buf = rest
			longest = max(longest, len(buf))
		}
	}
	require.Less(t, longest, len(chunkedHead)+10_000+10, "60,000 bytes hold 10,000 of data")
}

func TestParser_countsEachByteOfFraming(t *testing.T) {
	// chunk is one of a byte, whose framing exceeds by so much what is free: its line and two line ends
	// are longer than 16 and twice its data.
	chunk := func(excess int) string {
		line := freePerChunk + 2 + excess - len("\r\n\r\n")
		return "1;" + strings.Repeat("x", line-len("1;")) + "\r\nx\r\n"
	}
	most := chunkedHead + strings.Repeat(chunk(maxExcess/8), 8)
	require.Equal(t, "ChunkSize, 0 unread", parsePieces(Limits{}, []byte(most))[0])
	require.Equal(t, errChunkExcess.Error(), parsePieces(Limits{}, []byte(most+chunk(1)))[0])
	require.Equal(t, "ChunkSize, 0 unread", parsePieces(Limits{}, []byte(most+chunk(0)+chunk(-1)+chunk(1)))[0])
}

func TestParser_errorStays(t *testing.T) {
	p := NewParser(Limits{})
	_, _, err := p.Parse([]byte("nonsense\r\n"))
	require.ErrorIs(t, err, errRequestLine)
	require.Equal(t, Failed, p.State())
	_, done, again := p.Parse([]byte("nonsense\r\nGET / HTTP/1.0\r\n\r\n"))
	require.False(t, done)
	require.Equal(t, err, again)
}

func TestParser_tellsWhatItHasUnderstoodOfAWrongRequest(t *testing.T) {
	p := NewParser(Limits{})
	_, _, err := p.Parse([]byte("HEAD /path HTTP/1.1\r\nHost : a\r\n\r\n"))
	require.ErrorIs(t, err, errFieldSpace)
	require.Equal(t, MethodHead, p.Request().Method, "the answer must have no content")
	require.Equal(t, "/path", string(p.Request().Target()), "the access log wants it")
}

// What a Request returns is a view. This is what happens to who keeps it: the
// program doesn't crash, it quietly gets another client's bytes.
func TestRequest_viewsHoldOtherBytesOnceTheBufferIsUsedAgain(t *testing.T) {
	p := NewParser(Limits{})
	buf := []byte("GET /alice HTTP/1.0\r\n\r\n")
	_, done, err := p.Parse(buf)
	require.NoError(t, err)
	require.True(t, done)
	view, kept := p.Request().Path(), string(p.Request().Path())

	p.Next()
	copy(buf, "GET /mallo HTTP/1.0\r\n\r\n")

	require.Equal(t, "/mallo", string(view), "a view shows what the buffer holds now")
	require.Equal(t, "/alice", kept, "a copy stays")
}

func TestRequest_viewsCannotBeAppendedInto(t *testing.T) {
	p := NewParser(Limits{})
	buf := []byte("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhiGET /next HTTP/1.0\r\n\r\n")
	_, _, err := p.Parse(buf)
	require.NoError(t, err)
	_ = append(p.Request().Body(), "!!!!"...)
	require.Equal(t, "GET /next", string(buf[p.Len():][:9]), "the next request is still whole")
}

func TestAppendDecoded(t *testing.T) {
	for text, want := range map[string]string{"": "", "a%20b%2Fc": "a b/c", "%e4%B6": "\xe4\xb6", "100%": "100%", "%4": "%4", "%zz%41": "%zzA"} {
		require.Equal(t, "x"+want, string(AppendDecoded([]byte("x"), []byte(text))))
	}
}
