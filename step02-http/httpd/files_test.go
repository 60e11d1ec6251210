package httpd

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

var changed = time.Date(2024, 2, 29, 12, 0, 0, 999, time.UTC)

func fileRouter(fsys fs.FS) *Router {
	rt := new(Router)
	rt.Handle("GET", "/{path...}", Files(fsys))
	return rt
}

func testFiles() *Router {
	return fileRouter(fstest.MapFS{
		"index.html":         {Data: []byte("<p>root"), ModTime: changed},
		"a b.txt":            {Data: []byte("space"), ModTime: changed},
		"sub/index.html":     {Data: []byte("<p>sub"), ModTime: changed},
		"sub/style.CSS":      {Data: []byte("p{}"), ModTime: changed},
		"sub/script.js":      {Data: []byte("x"), ModTime: changed},
		"sub/strange.qqq":    {Data: []byte{0}, ModTime: changed},
		"empty/file":         {ModTime: changed},
		"embedded.txt":       {Data: []byte("no time")},
		"a:b/index.html":     {Data: []byte("colon"), ModTime: changed},
		"pipe":               {Mode: fs.ModeNamedPipe},
		"index-folder/x.txt": {Data: []byte("x"), ModTime: changed},
	})
}

func TestFiles_servesFilesAndFolders(t *testing.T) {
	rt := testFiles()
	for _, test := range []struct{ path, contentType, content string }{
		{"/", "text/html; charset=utf-8", "<p>root"},
		{"/index.html", "text/html; charset=utf-8", "<p>root"},
		{"/a%20b.txt", "text/plain; charset=utf-8", "space"},
		{"/sub/", "text/html; charset=utf-8", "<p>sub"},
		{"/sub/style.CSS?v=1", "text/css; charset=utf-8", "p{}"},
		{"/sub/script.js", "text/javascript; charset=utf-8", "x"},
		{"/sub/strange.qqq", "application/octet-stream", "\x00"},
		{"/empty/file", "application/octet-stream", ""},
	} {
		got := get(t, rt, test.path)
		require.Equal(t, 200, got.status, test.path)
		require.Equal(t, test.contentType, got.header.Get("Content-Type"), test.path)
		require.Equal(t, test.content, got.content, test.path)
		require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"))
	}
}

func TestFiles_refusesWhatIsNotThere(t *testing.T) {
	rt := testFiles()
	for _, path := range []string{
		"/nothing", "/index.html/", "/empty/", "/pipe", "/index-folder/", "//", "/sub//index.html", "//sub/", "/.", "/./", "/sub/.",
		"/..", "/../x", "/sub/..", "/sub/../index.html", "/%2e%2e/x", "/sub%2findex.html", "/sub%5Cindex.html", "/index.html%00", "/c:/x",
	} {
		require.Equal(t, 404, get(t, rt, path).status, path)
	}
}

func TestFiles_sendsTheClientToTheSlashOfAFolder(t *testing.T) {
	for path, location := range map[string]string{"/sub": "./sub/", "/sub?a=b": "./sub/?a=b", "/%73ub": "./%73ub/"} {
		got := get(t, testFiles(), path)
		require.Equal(t, 301, got.status, path)
		require.Equal(t, location, got.header.Get("Location"), path)
	}
}

func TestFiles_saysWhenNothingHasChanged(t *testing.T) {
	rt := testFiles()
	first := get(t, rt, "/a%20b.txt")
	etag := first.header.Get("ETag")
	require.NotEmpty(t, etag)
	require.Equal(t, "Thu, 29 Feb 2024 12:00:00 GMT", first.header.Get("Last-Modified"))
	for _, test := range []struct {
		field string
		want  int
	}{
		{"If-None-Match: " + etag, 304},
		{"If-None-Match: W/" + etag, 304},
		{`If-None-Match: "a" , ` + etag, 304},
		{"If-None-Match: \"a\"\r\nIf-None-Match: " + etag, 304}, // several fields are one list
		{"If-None-Match: *", 304},
		{`If-None-Match: "a"`, 200},
		{"If-None-Match:", 200},
		{"If-Modified-Since: Thu, 29 Feb 2024 12:00:00 GMT", 304},
		{"If-Modified-Since: Thursday, 29-Feb-24 12:00:00 GMT", 304},
		{"If-Modified-Since: Thu Feb 29 12:00:00 2024", 304},
		{"If-Modified-Since: Thu, 29 Feb 2024 11:59:59 GMT", 200},
		{"If-Modified-Since: soon", 200},
		{"If-None-Match: \"a\"\r\nIf-Modified-Since: Thu, 29 Feb 2024 12:00:00 GMT", 200},
	} {
		got := get(t, rt, "/a%20b.txt", test.field)
		require.Equal(t, test.want, got.status, test.field)
		require.Equal(t, etag, got.header.Get("ETag"), test.field)
	}
}

func TestFiles_withoutATimeAreKnownByTheirContent(t *testing.T) {
	rt := fileRouter(fstest.MapFS{"a": {Data: []byte("same")}, "b": {Data: []byte("same")}, "c": {Data: []byte("other")}})
	etag := get(t, rt, "/a").header.Get("ETag")
	require.NotEmpty(t, etag)
	require.Equal(t, etag, get(t, rt, "/b").header.Get("ETag"))
	require.NotEqual(t, etag, get(t, rt, "/c").header.Get("ETag"))
	again := get(t, rt, "/a", "If-None-Match: "+etag)
	require.Equal(t, 304, again.status)
	require.Empty(t, again.header.Get("Last-Modified"), "nobody knows")
	require.Equal(t, 200, get(t, rt, "/a", "If-Modified-Since: Thu, 29 Feb 2024 12:00:00 GMT").status)
	require.Equal(t, 200, get(t, rt, "/a", "If-Unmodified-Since: Thu, 29 Feb 2024 12:00:00 GMT").status)
}

func TestFiles_sayNoTimeThatIsStillToCome(t *testing.T) {
	rt := fileRouter(fstest.MapFS{"a": {Data: []byte("a"), ModTime: time.Now().Add(time.Hour)}})
	got := get(t, rt, "/a")
	require.NotEmpty(t, got.header.Get("ETag"))
	require.Empty(t, got.header.Get("Last-Modified"), "RFC 9110 section 8.8.2.1: not later than Date")
}

func TestFiles_sendsOnlyTheVersionThatIsMeant(t *testing.T) {
	rt := testFiles()
	etag := get(t, rt, "/a%20b.txt").header.Get("ETag")
	for _, test := range []struct {
		field string
		want  int
	}{
		{"If-Match: " + etag, 200},
		{`If-Match: "x", ` + etag, 200},
		{"If-Match: \"x\"\r\nIf-Match: " + etag, 200},
		{"If-Match: *", 200},
		{`If-Match: "x"`, 412},
		{"If-Match: W/" + etag, 412}, // the strong comparison
		{"If-Match: " + etag + "\r\nIf-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT", 200},
		{"If-Unmodified-Since: Thu, 29 Feb 2024 12:00:00 GMT", 200},
		{"If-Unmodified-Since: Thu, 29 Feb 2024 11:59:59 GMT", 412},
		{"If-Unmodified-Since: soon", 200},
		{"If-Match: " + etag + "\r\nIf-None-Match: " + etag, 304},
	} {
		require.Equal(t, test.want, get(t, rt, "/a%20b.txt", test.field).status, test.field)
	}
}

func TestFiles_sendsOneRange(t *testing.T) {
	rt := fileRouter(fstest.MapFS{
		"ten": {Data: []byte("0123456789"), ModTime: changed}, "empty": {ModTime: changed}, "embedded": {Data: []byte("0123456789")},
	})
	etag := get(t, rt, "/ten").header.Get("ETag")
	const whole = "0123456789"
	for _, test := range []struct {
		path, fields string
		status       int
		content      string
		place        string
	}{
		{"/ten", "Range: bytes=2-4", 206, "234", "bytes 2-4/10"},
		{"/ten", "Range: bytes=2-2", 206, "2", "bytes 2-2/10"},
		{"/ten", "Range: bytes=7-", 206, "789", "bytes 7-9/10"},
		{"/ten", "Range: bytes=7-99999999999999999999", 206, "789", "bytes 7-9/10"},
		{"/ten", "Range: bytes=-3", 206, "789", "bytes 7-9/10"},
		{"/ten", "Range: bytes=-99999999999999999999", 206, whole, "bytes 0-9/10"},
		{"/ten", "Range: Bytes=0-0", 206, "0", "bytes 0-0/10"},
		{"/embedded", "Range: bytes=0-0", 206, "0", "bytes 0-0/10"},
		{"/ten", "Range: bytes=10-", 416, "*", "bytes */10"},
		{"/ten", "Range: bytes=99999999999999999999-", 416, "*", "bytes */10"},
		{"/ten", "Range: bytes=-0", 416, "*", "bytes */10"},
		{"/empty", "Range: bytes=0-", 416, "*", "bytes */0"},
		{"/empty", "Range: bytes=-1", 416, "*", "bytes */0"},
		{"/ten", "Range: bytes=0-1,3-4", 200, whole, ""},
		{"/ten", "Range: bytes=4-2", 200, whole, ""},
		{"/ten", "Range: bytes=", 200, whole, ""},
		{"/ten", "Range: bytes=-", 200, whole, ""},
		{"/ten", "Range: bytes=+1-2", 200, whole, ""},
		{"/ten", "Range: bytes=--1", 200, whole, ""},
		{"/ten", "Range: lines=1-2", 200, whole, ""},
		{"/ten", "Range: bytes=0-0\r\nIf-Range: " + etag, 206, "0", "bytes 0-0/10"},
		{"/ten", "Range: bytes=0-0\r\nIf-Range: W/" + etag, 200, whole, ""},
		{"/ten", "Range: bytes=0-0\r\nIf-Range: \"x\"", 200, whole, ""},
		{"/ten", "Range: bytes=0-0\r\nIf-Range: Thu, 29 Feb 2024 12:00:00 GMT", 206, "0", "bytes 0-0/10"},
		{"/ten", "Range: bytes=0-0\r\nIf-Range: Thu, 29 Feb 2024 12:00:01 GMT", 200, whole, ""},
		{"/ten", "Range: bytes=0-0\r\nIf-None-Match: " + etag, 304, "", ""},
	} {
		got := get(t, rt, test.path, test.fields)
		require.Equal(t, test.status, got.status, test.fields)
		if test.content != "*" {
			require.Equal(t, test.content, got.content, test.fields)
		}
		require.Equal(t, test.place, got.header.Get("Content-Range"), test.fields)
	}
	head := ask(t, rt, "HEAD /ten HTTP/1.1\r\nHost: a\r\nRange: bytes=0-0\r\n\r\n")
	require.Equal(t, 200, head.status, "a range is for GET")
	require.Equal(t, "bytes", head.header.Get("Accept-Ranges"))
}

func TestFiles_sendsTheCompressedNeighbour(t *testing.T) {
	rt := fileRouter(fstest.MapFS{
		"page.html": {Data: []byte("plain"), ModTime: changed}, "page.html.gz": {Data: []byte("small"), ModTime: changed},
		"old.css": {Data: []byte("plain"), ModTime: changed}, "old.css.gz": {Data: []byte("small"), ModTime: changed.Add(-time.Hour)},
		"e.js": {Data: []byte("plain")}, "e.js.gz": {Data: []byte("plain")},
		"alone.txt": {Data: []byte("plain"), ModTime: changed},
	})
	small := get(t, rt, "/page.html", "Accept-Encoding: br, gzip")
	require.Equal(t, "small", small.content)
	require.Equal(t, "gzip", small.header.Get("Content-Encoding"))
	require.Equal(t, "text/html; charset=utf-8", small.header.Get("Content-Type"), "the type is that of the file itself")
	require.Equal(t, "Accept-Encoding", small.header.Get("Vary"))
	require.Equal(t, "small", get(t, rt, "/page.html", "Accept-Encoding: br", "Accept-Encoding: gzip").content)
	plain := get(t, rt, "/page.html")
	require.Equal(t, "plain", plain.content)
	require.Empty(t, plain.header.Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", plain.header.Get("Vary"), "a cache must not give it to others")
	require.NotEqual(t, plain.header.Get("ETag"), small.header.Get("ETag"), "other bytes, another tag")
	require.Equal(t, 304, get(t, rt, "/page.html", "Accept-Encoding: gzip", "If-None-Match: "+small.header.Get("ETag")).status)

	require.Equal(t, "plain", get(t, rt, "/old.css", "Accept-Encoding: gzip").content, "the neighbour is out of date")
	embedded := get(t, rt, "/e.js", "Accept-Encoding: gzip")
	require.Equal(t, "gzip", embedded.header.Get("Content-Encoding"))
	require.NotEqual(t, get(t, rt, "/e.js").header.Get("ETag"), embedded.header.Get("ETag"))
	alone := get(t, rt, "/alone.txt", "Accept-Encoding: gzip")
	require.Empty(t, alone.header.Get("Content-Encoding")+alone.header.Get("Vary"))
}

func TestAcceptsGzip(t *testing.T) {
	for field, want := range map[string]bool{
		"": false, "gzip": true, "GZip": true, "x-gzip": true, "br, gzip;q=0.5": true, "*": true, "br;q=1, *;q=0.1": true,
		"gzip;q=0": false, "gzip; q=0.000": false, "gzip;q=0, *": false, "*;q=0": false, "identity": false, "gzip;q=x": false, "gzip;q=NaN": false, "gzipped": false,
	} {
		require.Equal(t, want, acceptsGzip(field), field)
	}
}

func TestFiles_onlyReads(t *testing.T) {
	got := ask(t, Files(fstest.MapFS{}), "DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n")
	require.Equal(t, 405, got.status)
	require.Equal(t, "GET, HEAD", got.header.Get("Allow"))
}

func TestFiles_ofARootFollowNoLinkOut(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret.txt"), []byte("secret"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(inside, "open.txt"), []byte("open"), 0o600))
	if err := os.Symlink(filepath.Join(outside, "secret.txt"), filepath.Join(inside, "link.txt")); err != nil {
		t.Skip("this system makes no symbolic links: ", err)
	}
	require.NoError(t, os.Symlink(outside, filepath.Join(inside, "folder")))
	require.NoError(t, os.Symlink("open.txt", filepath.Join(inside, "good.txt")))
	root, err := os.OpenRoot(inside)
	require.NoError(t, err)
	defer root.Close()
	rt := fileRouter(root.FS())
	require.Equal(t, "open", get(t, rt, "/open.txt").content)
	require.Equal(t, "open", get(t, rt, "/good.txt").content, "a link that stays inside is fine")
	require.Equal(t, 404, get(t, rt, "/link.txt").status)
	require.Equal(t, 404, get(t, rt, "/folder/secret.txt").status)
	require.Equal(t, 404, get(t, rt, "/folder/").status)
}
