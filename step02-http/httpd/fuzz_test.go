package httpd

import (
	"io/fs"
	"strings"
	"testing"

	"example.com/async/step02-http/http1"
)

// FuzzFileName wants of any path that the parser lets through: what becomes of it is
// a name inside the folder, or nothing.
func FuzzFileName(f *testing.F) {
	for _, path := range []string{"/", "/a/b.txt", "/a/", "//a", "/%2e%2e/x", "/..%2fx", "/%00", "/a%5c..", "/.", "/c:/x"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		parser := http1.NewParser(http1.Limits{})
		_, complete, _ := parser.Parse([]byte("GET " + path + " HTTP/1.0\r\n\r\n"))
		if !complete {
			return
		}
		request := Request{Request: parser.Request()}
		name, _, ok := fileName(request.Rest())
		if ok && (!fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00")) {
			t.Fatalf("%q becomes %q", path, name)
		}
	})
}

// FuzzRange wants of any field: a part that is sent lies within the file.
func FuzzRange(f *testing.F) {
	for _, field := range []string{"bytes=0-4", "bytes=5-", "bytes=-5", "bytes=9223372036854775807-", "bytes=0-9223372036854775807", "bytes=1-2,3-4"} {
		f.Add(field, int64(10))
	}
	f.Fuzz(func(t *testing.T, field string, size int64) {
		if size < 0 {
			return
		}
		start, end, answer := parseRange(field, size)
		if answer == rangePart && (start < 0 || start >= end || end > size) {
			t.Fatalf("%q of %d bytes becomes %d to %d", field, size, start, end)
		}
	})
}
