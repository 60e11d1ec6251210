package book

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

func TestMain(m *testing.M) {
	// The regular expressions of chroma share a clock, which stops by itself.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock"))
}

// startSample serves the sample, and returns a function that gets a page of it.
func startSample(t *testing.T) func(path string, header ...string) (*http.Response, string) {
	t.Helper()
	handler, err := Handler(buildSample(t))
	require.NoError(t, err)
	listener, err := tcp.Listen("127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- (&httpd.Server{Handler: handler}).Serve(ctx, listener) }()

	client := &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		stop()
		require.NoError(t, <-served)
	})
	return func(path string, header ...string) (*http.Response, string) {
		request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+listener.Addr().String()+path, nil)
		require.NoError(t, err)
		for i := 0; i < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		response, err := client.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response, string(body)
	}
}

func TestHandler_tellsTheBrowserWhatEachFileIs(t *testing.T) {
	get := startSample(t)
	for path, contentType := range map[string]string{
		"/":                   "text/html; charset=utf-8",
		"/01-tcp.html":        "text/html; charset=utf-8",
		"/assets/book.css":    "text/css; charset=utf-8",
		"/assets/book.js":     "text/javascript; charset=utf-8",
		"/assets/icon.svg":    "image/svg+xml",
		"/assets/search.json": "application/json",
		"/diagram.svg":        "image/svg+xml",
	} {
		response, body := get(path)
		require.Equal(t, 200, response.StatusCode, path)
		require.Equal(t, contentType, response.Header.Get("Content-Type"), path)
		require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"), path)
		require.Equal(t, policy, response.Header.Get("Content-Security-Policy"), path)
		require.Equal(t, "no-cache", response.Header.Get("Cache-Control"), "%s: the book may be started anew, from other chapters", path)
		require.NotEmpty(t, body, path)
	}
}

func TestHandler_sendsNoPageTwice(t *testing.T) {
	get := startSample(t)
	first, _ := get("/01-tcp.html")
	tag := first.Header.Get("ETag")
	require.Regexp(t, `^"[^"]+"$`, tag, "a strong one")
	second, body := get("/01-tcp.html", "If-None-Match", tag)
	require.Equal(t, http.StatusNotModified, second.StatusCode)
	require.Empty(t, body)
}

func TestHandler_sendsFewerBytesToWhoAcceptsGzip(t *testing.T) {
	get := startSample(t)
	plain, page := get("/01-tcp.html", "Accept-Encoding", "identity")
	require.Empty(t, plain.Header.Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", plain.Header.Get("Vary"), "who keeps it for others must know that there is more than one")

	// net/http decompresses only what it has asked for itself.
	zipped, body := get("/01-tcp.html", "Accept-Encoding", "gzip, deflate, br, zstd")
	require.Equal(t, "gzip", zipped.Header.Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", zipped.Header.Get("Vary"))
	require.Equal(t, "text/html; charset=utf-8", zipped.Header.Get("Content-Type"), "the type is that of the page")
	require.NotEqual(t, plain.Header.Get("ETag"), zipped.Header.Get("ETag"))
	require.Less(t, len(body), len(page))
	require.Equal(t, page, unzip(t, body))

	again, _ := get("/01-tcp.html", "Accept-Encoding", "gzip", "If-None-Match", zipped.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, again.StatusCode)
}

func unzip(t *testing.T, zipped string) string {
	t.Helper()
	reader, err := gzip.NewReader(strings.NewReader(zipped))
	require.NoError(t, err)
	plain, err := io.ReadAll(reader)
	require.NoError(t, err, "whole, with the right checksum")
	return string(plain)
}

func TestHandler_answersAMissingPageWithAPage(t *testing.T) {
	get := startSample(t)
	for _, path := range []string{"/nowhere", "/deep/er/nowhere.html", "/01-tcp.md", "/assets/", "/..%2f..%2fetc/passwd"} {
		response, body := get(path)
		require.Equal(t, 404, response.StatusCode, path)
		require.Equal(t, "text/html; charset=utf-8", response.Header.Get("Content-Type"))
		require.Equal(t, policy, response.Header.Get("Content-Security-Policy"))
		require.Contains(t, body, "There is no such page")
		require.Contains(t, body, `href="/01-tcp.html"`, "its links work at any depth")
	}
}

func TestHandler_sendsAFolderToItsListing(t *testing.T) {
	get := startSample(t)
	response, _ := get("/src/step01-tcp/tcp")
	require.Equal(t, 301, response.StatusCode)
	_, listing := get("/src/step01-tcp/tcp/")
	require.Contains(t, listing, "server.go")
}
