package httpdtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

// A difference is a case that a good server fails because it has decided otherwise, or because
// it leaves to its handlers what httpd does itself.
type difference struct {
	name    string // of the case
	message string // a part of the failure
	does    string // what the other server does
	why     string // what speaks for our way, or for theirs
}

// How net/http differs. The list is complete for Go 1.26: TestPeer looks.
var netHTTPDiffers = []difference{
	{
		"empty-line-first", "actual  : 400", "400",
		"RFC 9112 section 2.2 says SHOULD: it is for clients that nobody has seen for years",
	},
	{
		"method-unknown", "actual  : 404", "404: the method is the handler's business",
		"501 tells a client that no path will help",
	},
	{
		"version", "PRI * HTTP/2.0", "505, but 400 to the preface of HTTP/2",
		"it wants to recognise HTTP/2 by that; we don't speak it, and say so",
	},
	{
		"target-characters", "actual  : 404", "takes a fragment for a part of the path",
		"RFC 9112 section 3.2 has no fragment in a target; two servers would look for two paths",
	},
	{
		"target-form", "GET http:///x", "takes a URI without a host",
		"RFC 9110 section 4.2.1 asks to refuse it",
	},
	{
		"target-absolute", "actual  : 307", "http://other without a slash is redirected to the slash",
		"RFC 9110 section 4.2.3 says that both are the same",
	},
	{
		"target-asterisk", "actual  : 200", "200 without content, not 204",
		"both say that all is well",
	},
	{
		"host-invalid", "Host: a:b", "takes a port that isn't a number",
		"it looks at the characters only; RFC 9112 section 3.2 wants 400 for a wrong Host",
	},
	{
		"obs-fold", "actual  : 200", "unfolds the line",
		"RFC 9112 section 5.2 allows both; a neighbour that doesn't unfold sees another field",
	},
	{
		"length-twice", "Content-Length: 1\\r\\nContent-Length: 1", "takes two lengths for one if they are equal",
		"RFC 9110 section 8.6 allows both; refusing needs no comparing, and no client needs the other",
	},
	{
		"length-and-chunked", "actual  : 200", "believes Transfer-Encoding",
		"RFC 9112 section 6.1 allows both; it is how requests are smuggled, and no honest client sends it",
	},
	{
		"chunked-last", "actual  : 501", "501: it knows one coding, chunked alone",
		"RFC 9112 section 6.3 asks for 400 when the end can't be found",
	},
	{
		"coding-http10", "actual  : 200", "ignores Transfer-Encoding in HTTP/1.0",
		"RFC 9112 section 6.1 says that the framing is faulty",
	},
	{
		"chunk-size", "1 \\r\\nx", "takes spaces behind the size",
		"RFC 9112 section 7.1.1 allows them before a semicolon only",
	},
	{
		"chunk-crlf", "0\\r\\n\\n", "waits for more after a lone LF behind the last chunk",
		"what can't become right any more can be refused at once",
	},
	{
		"chunked", "0007 ; c=", "refuses a space before a chunk extension",
		"RFC 9112 section 7.1.1 lets it stand, for old clients",
	},
	{
		"continue-refused", "actual  : 100", "100 when the handler begins to read",
		"only the handler knows its limit there; here the parser does",
	},
	{
		"pipelining-after-close", "connection reset by peer", "closes at once: a client that sends more before it has read the answer can lose it",
		"RFC 9112 section 9.6 describes the half-close that avoids it; net/http does that only after a body that was too long",
	},
	{
		"pipelining-one-write", "actual  : 16", "a write for each response",
		"it flushes when a handler has returned, before it looks what else has come",
	},
	{
		"half-close-incomplete", "without Connection: close", "leaves it to the handler to say 400, and to close",
		"the handler sees io.ErrUnexpectedEOF, and may have a use for half a body",
	},
	{
		"error-is-readable", "the server was silent", "reads on until the handler's limit of 1 MiB",
		"http.MaxBytesReader counts what has come, and nobody has looked at Content-Length",
	},
	{
		"not-found", "actual  : 307", "// is redirected to /",
		"http.ServeMux cleans paths; to us it is one of the paths that aren't there",
	},
	{
		"options", "actual  : 405", "405, with Allow",
		"http.ServeMux leaves OPTIONS to the program",
	},
	{
		"limit-request-line", "actual  : 404", "no limit of its own: it counts with the header",
		"414 says what was too long",
	},
	{
		"limit-header", "actual  : 200", "the limit is MaxHeaderBytes and 4 KiB, the request line included",
		"where the limit is doesn't matter, that there is one does",
	},
	{
		"limit-fields", "actual  : 200", "bytes are counted, not fields",
		"each field costs memory beyond its bytes, and 64 KiB hold thousands",
	},
	{
		"limit-body", "the server was silent", "waits for the body",
		"as for error-is-readable: a handler that looks at r.ContentLength first can do better",
	},
	{
		"limit-chunk-overhead", "chunk extensions that outweigh the data are refused", "refuses them with 400, and closes with bytes unread: the client can lose the answer",
		"RFC 9112 section 9.6 describes the half-close that avoids it",
	},
	{
		"file", "actual  : 301", "hello.txt/ is redirected to hello.txt",
		"http.FileServer is kind to who has typed a slash too many",
	},
	{
		"file-root", "the status is 307", "redirects to the clean path, inside the root",
		"nothing is served that shouldn't be: 404 is only shorter",
	},
	{
		"gzip", "the content must say that it is compressed", "http.FileServer knows no encodings",
		"RFC 9110 section 12.5.3 lets a server send the plain file always; it is larger",
	},
	{
		"gzip-unwanted", "without Vary", "as for gzip: one encoding needs no Vary",
		"RFC 9110 section 12.5.5 asks for it where the answer depends on the request",
	},
	{
		"gzip-versions", "the plain file has an ETag", "sends Last-Modified only, and no ETag",
		"RFC 9110 section 8.8.1: a time knows only seconds; http.ServeContent takes an ETag that the handler has set",
	},
	{
		"gzip-range", "the encoding of the part is that of the whole", "as for gzip: ranges are those of the plain file",
		"which is right, as long as there is no other",
	},
}

func TestPeer_netHTTPDiffersWhereTheTableSays(t *testing.T) {
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		t.Skipf("the table is for Go 1.26, and this is %s", runtime.Version())
	}
	known := map[string]difference{}
	for _, d := range netHTTPDiffers {
		known[d.name] = d
	}
	var table strings.Builder
	table.WriteString("| case | net/http | and why |\n| --- | --- | --- |\n")
	for _, c := range SiteCases() {
		verdict := lesson.JudgeInBubble(t, c, netHTTP)
		d, differs := known[c.Name]
		if differs {
			assert.Contains(t, verdict.Failure, d.message, "case %s", c.Name)
			fmt.Fprintf(&table, "| `%s` | %s | %s |\n", c.Name, d.does, d.why)
		} else {
			assert.Empty(t, verdict.Failure, "net/http fails the case %s, and the table doesn't say why", c.Name)
		}
	}
	compareFile(t, "testdata/TestPeer_nethttp.md", table.String())
}

// The article's server, as a whole: chapter 2 shows what it can do, and the museum each of its
// faults apart.
func TestPeer_articlePassesOnlyWhatTheFileSays(t *testing.T) {
	var passed []string
	for _, c := range SiteCases() {
		if lesson.JudgeInBubble(t, c, article).OK() {
			passed = append(passed, "`"+c.Name+"`")
		}
	}
	compareFile(t, "testdata/TestPeer_article.md",
		fmt.Sprintf("The article's server passes %d of %d cases: %s.\n", len(passed), len(SiteCases()), strings.Join(passed, ", ")))
}

// article is the handler of step02-http/article, which is a program and can't be imported.
var article = wrong(func(*httpd.Server) ServeFunc {
	const response = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nHello, world!"
	server := &tcp.Server{Handler: tcp.HandlerFunc(func(ctx context.Context, conn net.Conn) error {
		defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
		buffer := make([]byte, 1024)
		n, _ := conn.Read(buffer)
		if strings.HasPrefix(string(buffer[:n]), "GET /") {
			io.WriteString(conn, response)
		}
		return nil
	})}
	return server.Serve
})

// compareFile fails the test unless the file holds text. With LESSON_UPDATE=1 it writes it.
func compareFile(t *testing.T, name, text string) {
	if os.Getenv("LESSON_UPDATE") == "1" {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
		return
	}
	committed, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(committed), text, "%s is stale: run go generate ./... and look at what changed", name)
}

// netHTTP is the standard library's server for the Site, with our limits where it has such.
var netHTTP = wrong(func(s *httpd.Server) ServeFunc {
	site := http.NewServeMux()
	site.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, helloText)
	})
	site.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadRequest)
		default:
			w.Write(body)
		}
	})
	site.Handle("GET /files/", http.StripPrefix("/files", http.FileServerFS(siteFiles())))
	server := &http.Server{
		Handler: site, MaxHeaderBytes: 64 << 10, ErrorLog: log.New(io.Discard, "", 0),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 40 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
	}
	return func(ctx context.Context, listener net.Listener) error {
		defer context.AfterFunc(ctx, func() { server.Close() })()
		if err := server.Serve(listener); err != http.ErrServerClosed {
			return err
		}
		return nil
	}
})
