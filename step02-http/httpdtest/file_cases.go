package httpdtest

import (
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// Files, and when not to send them.
var fileCases = []lesson.Case[Subject]{
	{
		Name: "file", Rule: "a file comes with its type and a validator", Source: "RFC 9110 section 8.8",
		Hint: "an ETag changes when the file does: its time and size will do",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send(get("/files/hello.txt"))
			r := c.expect(200, fileText, "the file is served")
			require.Contains(t, r.Header.Get("Content-Type"), "text/plain")
			require.NotEmpty(t, r.Header.Get("Etag")+r.Header.Get("Last-Modified"), "a client can only ask for changes if it knows what it has")
			c.send(get("/files/hell%6f.txt"))
			c.expect(200, fileText, "%6f is an o")
			for _, path := range []string{"/files/nothing.txt", "/files/hello.txt/", "/files/hello.tx"} {
				c.send(get(path))
				c.expect(404, "*", "there is no file "+path)
			}
		},
	},
	{
		Name: "file-not-modified", Rule: "a client that has the file gets 304 and no content", Source: "RFC 9110 section 13",
		Hint: "compare If-None-Match with the ETag, otherwise If-Modified-Since with the time",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			ask := func(field, value string) *response {
				c.send("GET /files/hello.txt HTTP/1.1\r\nHost: a\r\n" + field + ": " + value + "\r\n\r\n")
				return c.response("a conditional GET")
			}
			c.send(get("/files/hello.txt"))
			first := c.expect(200, fileText, "the file is served")
			if etag := first.Header.Get("Etag"); etag != "" {
				require.Equal(t, 304, ask("If-None-Match", etag).StatusCode, "If-None-Match: the ETag that was sent")
				require.Equal(t, 304, ask("If-None-Match", `"x", W/`+etag).StatusCode, "If-None-Match: a list, and weak")
				require.Equal(t, 304, ask("If-None-Match", "*").StatusCode, "If-None-Match: *")
				require.Equal(t, 200, ask("If-None-Match", `"x"`).StatusCode, "If-None-Match: another ETag")
				require.Equal(t, etag, ask("If-None-Match", etag).Header.Get("Etag"), "304 carries the ETag")
			}
			if modified := first.Header.Get("Last-Modified"); modified != "" {
				require.Equal(t, 304, ask("If-Modified-Since", modified).StatusCode, "If-Modified-Since: the time that was sent")
				require.Equal(t, 200, ask("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT").StatusCode, "If-Modified-Since: long ago")
				require.Equal(t, 200, ask("If-Modified-Since", "yesterday").StatusCode, "If-Modified-Since: no time")
			}
			c.send(get("/"))
			c.expect(200, helloText, "304 has no content, so the next response follows at once")
		},
	},
	{
		Name: "file-root", Rule: "there is no way out of the folder", Source: "CWE-22, path traversal; CVE-2021-41773",
		Hint: "split the path, decode each segment, refuse \"..\", slashes and NUL in it",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, path := range []string{
				"/files/../hello.txt", "/files/%2e%2e/hello.txt", "/files/..%2fhello.txt", "/files/./hello.txt", "/files//hello.txt",
				"/files//etc/passwd", "/files/%2Fetc/passwd", "/files/hello.txt%00", "/files/..%5chello.txt", "/files/x/../hello.txt",
			} {
				c := server.dial()
				c.send(get(path))
				r := c.response("a path that wants out")
				require.True(t, r.StatusCode == 400 || r.StatusCode == 404, "%s must not be served, but the status is %d", path, r.StatusCode)
				c.conn.Close()
			}
		},
	},
	{
		Name: "file-range", Rule: "one range of a file is sent alone", Source: "RFC 9110 section 14",
		Hint: "206 with Content-Range; 416 for one that the file doesn't have; If-Range decides whether it is the same file still",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			ask := func(fields string) *response {
				c.send("GET /files/hello.txt HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")
				return c.response("a range of a file")
			}
			etag := ask("").Header.Get("Etag")
			for _, test := range []struct{ value, content, place string }{
				{"bytes=0-4", "hello", "bytes 0-4/18"}, {"bytes=6-", "from a file\n", "bytes 6-17/18"},
				{"bytes=-5", "file\n", "bytes 13-17/18"}, {"bytes=13-1000", "file\n", "bytes 13-17/18"}, {"bytes=-1000", fileText, "bytes 0-17/18"},
			} {
				r := ask("Range: " + test.value + "\r\n")
				require.Equal(t, 206, r.StatusCode, "Range: %s", test.value)
				require.Equal(t, test.content, r.content, "Range: %s", test.value)
				require.Equal(t, test.place, r.Header.Get("Content-Range"), "Range: %s", test.value)
			}
			r := ask("Range: bytes=18-\r\n")
			require.Equal(t, 416, r.StatusCode, "the file has 18 bytes")
			require.Equal(t, "bytes */18", r.Header.Get("Content-Range"), "416 says how long the file is")
			require.Equal(t, fileText, ask("Range: bytes=0-4\r\nIf-Range: \"x\"\r\n").content, "the client has a part of another version: it needs the whole")
			if etag != "" {
				require.Equal(t, "hello", ask("Range: bytes=0-4\r\nIf-Range: "+etag+"\r\n").content, "the client has a part of this version")
			}
		},
	},
	{
		Name: "file-precondition", Rule: "a request for another version than there is gets 412", Source: "RFC 9110 section 13.1",
		Hint: "If-Match compares strongly: W/\"a\" is never meant; If-Unmodified-Since counts only without it",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			ask := func(fields string) *response {
				c.send("GET /files/hello.txt HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")
				return c.response("a conditional GET")
			}
			first := ask("")
			require.Equal(t, 412, ask("If-Match: \"x\"\r\n").StatusCode, "If-Match: another ETag")
			if etag := first.Header.Get("Etag"); etag != "" {
				require.Equal(t, 200, ask("If-Match: \"x\", "+etag+"\r\n").StatusCode, "If-Match: a list with the ETag that was sent")
				require.Equal(t, 412, ask("If-Match: W/"+etag+"\r\n").StatusCode, "If-Match: weak")
			}
			if modified := first.Header.Get("Last-Modified"); modified != "" {
				require.Equal(t, 200, ask("If-Unmodified-Since: "+modified+"\r\n").StatusCode, "If-Unmodified-Since: the time that was sent")
				require.Equal(t, 412, ask("If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n").StatusCode, "If-Unmodified-Since: long before")
			}
		},
	},
}
