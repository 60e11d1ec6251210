package http1

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzParser wants of any bytes: no panic, and the same verdict wherever they are cut, and
// whether or not the header of the last request is remembered.
func FuzzParser(f *testing.F) {
	for _, stream := range streams() {
		if len(stream) < 1000 {
			f.Add([]byte(stream), uint16(len(stream)/2), uint16(3))
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, first, second uint16) {
		i := int(first) % (len(stream) + 1)
		j := i + int(second)%(len(stream)-i+1)
		whole := parsePieces(small, stream)
		cut := parsePieces(small, stream[:i], stream[i:j], stream[j:])
		if forgetful := parseForgetful(small, stream); !slices.Equal(whole, forgetful) {
			t.Fatalf("without memory:\n got %q\nwant %q", whole, forgetful)
		}
		if len(whole) != len(cut) {
			t.Fatalf("cut at %d and %d:\n got %q\nwant %q", i, j, cut, whole)
		}
		for k := range whole {
			if whole[k] != cut[k] {
				t.Fatalf("cut at %d and %d:\n got %q\nwant %q", i, j, cut[k], whole[k])
			}
		}
	})
}

// FuzzResponseHead wants of any field: either it is refused, or the head still has
// exactly the lines that it should have.
func FuzzResponseHead(f *testing.F) {
	f.Add("Location", "/new")
	f.Add("Location", "/\r\nSet-Cookie: a=b")
	f.Add("X: y\r\n\r\n", "")
	f.Fuzz(func(t *testing.T, name, value string) {
		head := ResponseHead{Status: 200, Header: Header{{name, value}}, Date: date}
		got, _, err := head.Append(nil, &Request{Method: MethodGet, KeepAlive: true})
		if err != nil {
			return
		}
		lines := bytes.Split(got, []byte("\r\n"))
		want := 6 // status, Date, the field, Content-Length, and the two empty ones
		if isFraming(name) {
			want = 5
			if head.Header.hasToken("Connection", "close") {
				want = 6
			}
		}
		if len(lines) != want || bytes.ContainsAny(got[:len(got)-2], "\x00") || bytes.Count(got, []byte("\n")) != want-1 {
			t.Fatalf("%q", got)
		}
	})
}
