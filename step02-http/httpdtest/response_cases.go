package httpdtest

import (
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// What a response looks like.
var responseCases = []lesson.Case[Subject]{
	{
		Name: "hello", Rule: "GET / is 13 bytes of plain text, with their length and a date", Source: "RFC 9110 sections 6.6.1 and 8.6",
		Hint: "Content-Length counts bytes, Date is in GMT",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send(get("/"))
			r := c.expect(200, helloText, "GET / says hello")
			require.Equal(t, int64(13), r.ContentLength, "Content-Length of 13 bytes")
			require.Contains(t, r.Header.Get("Content-Type"), "text/plain")
			date, err := time.Parse(http.TimeFormat, r.Header.Get("Date"))
			require.NoError(t, err, "Date must look like %q", http.TimeFormat)
			require.WithinDuration(t, time.Now(), date, time.Minute)
		},
	},
	{
		Name: "head", Rule: "HEAD gets the header of GET, and no content", Source: "RFC 9110 section 9.3.2",
		Hint: "the length stays, the content goes; else the next response begins with it",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			for _, path := range []string{"/", "/files/hello.txt", "/nothing"} {
				c.send(get(path) + "HEAD" + get(path)[len("GET"):] + get("/"))
				toGet := c.response("GET comes first")
				toHead := c.responseTo("HEAD", "then HEAD")
				require.Equal(t, toGet.StatusCode, toHead.StatusCode, "HEAD %s has the status of GET", path)
				toGet.Header.Del("Date")
				toHead.Header.Del("Date")
				require.Equal(t, toGet.Header, toHead.Header, "HEAD %s has the header of GET", path)
				require.Equal(t, int64(len(toGet.content)), toHead.ContentLength, "HEAD %s has the length of GET", path)
				c.expect(200, helloText, "the response to HEAD has no content, so the next response follows at once")
			}
		},
	},
	{
		Name: "not-found", Rule: "a path that isn't there is 404, and the connection stays", Source: "RFC 9110 section 15.5.5",
		Hint: "the path must be equal: not only its beginning",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			for _, path := range []string{"/nothing", "/echo/", "/echoes", "//", "/index.html"} {
				c.send(get(path))
				c.expect(404, "*", "there is nothing at "+path)
			}
			c.send(get("/?query=/nothing"))
			c.expect(200, helloText, "the query is no part of the path")
		},
	},
	{
		Name: "method-not-allowed", Rule: "a method that the path doesn't have is 405, with Allow", Source: "RFC 9110 section 15.5.6",
		Hint: "look for the path first, then for the method",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send("DELETE" + get("/")[len("GET"):])
			r := c.expect(405, "*", "/ can't be deleted")
			require.Contains(t, r.Header.Get("Allow"), "GET", "Allow lists what / does have")
			c.send(get("/echo"))
			r = c.expect(405, "*", "/echo is for POST only")
			require.Contains(t, r.Header.Get("Allow"), "POST", "Allow lists what /echo does have")
		},
	},
	{
		Name: "options", Rule: "OPTIONS says what the path allows", Source: "RFC 9110 section 9.3.7",
		Hint: "the router knows; no handler is needed",
		Check: func(t lesson.T, subject Subject) {
			c := serveSite(t, subject).dial()
			c.send("OPTIONS" + get("/")[len("GET"):])
			r := c.expect(204, "", "OPTIONS has no content")
			for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
				require.Contains(t, r.Header.Get("Allow"), method)
			}
			require.Empty(t, r.Header.Get("Content-Length"), "204 has no Content-Length (RFC 9110 section 8.6)")
		},
	},
}
