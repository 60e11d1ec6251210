package httpdtest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// A file that is there twice, plain and compressed: two encodings of one thing, and a client gets
// one that it understands.
var encodingCases = []lesson.Case[Subject]{
	{
		Name: "gzip", Rule: "who accepts gzip gets the compressed file, under the name and type of the plain one", Source: "RFC 9110 sections 8.4 and 12.5.3",
		Hint: "Content-Encoding says how it is packed, Content-Type what is inside; Vary says that the answer depends on Accept-Encoding",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, accepted := range []string{"gzip", "GZip", "br, gzip;q=0.5", "*", "br;q=1, *;q=0.1", "gzip;q=1, *;q=0"} {
				r := server.askPage("GET", "Accept-Encoding: "+accepted)
				require.Equal(t, 200, r.StatusCode, "Accept-Encoding: %s", accepted)
				require.Equal(t, "gzip", r.Header.Get("Content-Encoding"), "Accept-Encoding: %s: the content must say that it is compressed", accepted)
				require.Equal(t, pageGzip, r.content, "Accept-Encoding: %s: the content is page.txt.gz", accepted)
				require.Contains(t, r.Header.Get("Content-Type"), "text/plain", "what is inside is still a text")
				r.expectVary(t)

				head := server.askPage("HEAD", "Accept-Encoding: "+accepted)
				for _, name := range []string{"Content-Encoding", "Content-Length", "Content-Type", "Etag", "Vary"} {
					require.Equal(t, r.Header.Get(name), head.Header.Get(name), "HEAD has the %s of GET", name)
				}
			}
		},
	},
	{
		Name: "gzip-unwanted", Rule: "who does not accept gzip gets the plain file", Source: "RFC 9110 section 12.5.3",
		Hint: "a weight of 0 means: not that; and a client that says nothing may be one that has never heard of gzip",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			for _, field := range []string{
				"X-Nothing: 1", "Accept-Encoding: ", "Accept-Encoding: identity", "Accept-Encoding: br", "Accept-Encoding: gzipped",
				"Accept-Encoding: gzip;q=0", "Accept-Encoding: gzip; q=0.000", "Accept-Encoding: gzip;q=0, *", "Accept-Encoding: br, *;q=0",
			} {
				r := server.askPage("GET", field)
				require.Equal(t, 200, r.StatusCode, field)
				require.Empty(t, r.Header.Get("Content-Encoding"), "%s: the client can't unpack it", field)
				require.Equal(t, pageText, r.content, "%s: the content is page.txt", field)
				r.expectVary(t)
			}
		},
	},
	{
		Name: "gzip-versions", Rule: "the plain file and the compressed one have different ETags", Source: "RFC 9110 section 8.8.3.3",
		Hint: "choose the encoding first, and compare the ETag of what you would send",
		Check: func(t lesson.T, subject Subject) {
			const gzip = "Accept-Encoding: gzip"
			server := serveSite(t, subject)
			plain, packed := server.askPage("GET").Header.Get("Etag"), server.askPage("GET", gzip).Header.Get("Etag")
			require.NotEmpty(t, plain, "the plain file has an ETag")
			require.NotEmpty(t, packed, "the compressed file has an ETag")
			require.NotEqual(t, plain, packed, "these are other bytes: who continues the one with a range of the other gets rubbish")
			for _, test := range []struct {
				tag, fields string
				status      int
				sentence    string
			}{
				{packed, gzip, 304, "the client has the compressed file, and asks for that"},
				{plain, "X-Nothing: 1", 304, "the client has the plain file, and asks for that"},
				{plain, gzip, 200, "the client has the plain file, and asks for the compressed one"},
				{packed, "X-Nothing: 1", 200, "the client has the compressed file, and asks for the plain one"},
			} {
				r := server.askPage("GET", test.fields, "If-None-Match: "+test.tag)
				require.Equal(t, test.status, r.StatusCode, test.sentence)
				r.expectVary(t)
				if test.status == 304 {
					require.Equal(t, test.tag, r.Header.Get("Etag"), "304 carries the ETag")
					require.Empty(t, r.Header.Get("Content-Encoding"), "304 has no content that could be packed (RFC 9110 section 15.4.5)")
				}
			}
		},
	},
	{
		Name: "gzip-range", Rule: "a range counts the bytes of what is sent: of the compressed file, if that is it", Source: "RFC 9110 section 14",
		Hint: "choose the encoding first: size, range and If-Range are then those of one file",
		Check: func(t lesson.T, subject Subject) {
			server := serveSite(t, subject)
			const plain, packed = "Accept-Encoding: identity", "Accept-Encoding: gzip"
			for _, test := range []struct{ accept, encoding, whole, other string }{
				{packed, "gzip", pageGzip, plain}, {plain, "", pageText, packed},
			} {
				accept := test.accept
				etag := server.askPage("GET", accept).Header.Get("Etag")
				r := server.askPage("GET", accept, "Range: bytes=10-19", "If-Range: "+etag)
				require.Equal(t, 206, r.StatusCode, "%s: the client continues what it has", accept)
				require.Equal(t, test.encoding, r.Header.Get("Content-Encoding"), "%s: the encoding of the part is that of the whole", accept)
				require.Equal(t, test.whole[10:20], r.content, "%s: these are bytes of the file that was sent whole before", accept)
				require.Equal(t, fmt.Sprintf("bytes 10-19/%d", len(test.whole)), r.Header.Get("Content-Range"), accept)
				require.Equal(t, etag, r.Header.Get("Etag"), "%s: the ETag of the part is that of the whole", accept)
				r.expectVary(t)

				other := server.askPage("GET", test.other).Header.Get("Etag")
				r = server.askPage("GET", accept, "Range: bytes=10-19", "If-Range: "+other)
				require.Equal(t, 200, r.StatusCode, "%s: the client has a part of the other encoding: it needs the whole", accept)
				require.Equal(t, test.whole, r.content, accept)
			}
		},
	},
}

// askPage asks for the file that is there twice, on a connection of its own.
func (r *running) askPage(method string, fields ...string) *response {
	r.T.Helper()
	c := r.dial()
	defer c.conn.Close()
	c.send(method + " /files/page.txt HTTP/1.1\r\nHost: a\r\n" + strings.Join(append(fields, "\r\n"), "\r\n"))
	return c.responseTo(method, "a file that is there plain and compressed")
}

// expectVary fails the case unless the response says that it depends on Accept-Encoding.
func (r *response) expectVary(t lesson.T) {
	t.Helper()
	require.Contains(t, strings.ToLower(r.Header.Get("Vary")), "accept-encoding",
		"without Vary, a cache gives this answer to clients that asked otherwise\n  sent %s", r.sent)
}
