package httpd

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/http1"
)

// says is a handler that writes what the route has found.
func says(text string) Handler {
	return HandlerFunc(func(w *ResponseWriter, r *Request) {
		w.WriteString(text)
		for _, name := range []string{"id", "name", "missing"} {
			if value := r.Param(name); value != "" {
				w.WriteString(" " + name + "=" + value)
			}
		}
		if r.routed {
			w.WriteString(" rest=" + string(r.Rest()))
		}
	})
}

func testRouter() *Router {
	rt := new(Router)
	rt.Handle("GET", "/", says("root"))
	rt.Handle("GET", "/users", says("users"))
	rt.Handle("GET", "/users/{id}", says("user"))
	rt.Handle("DELETE", "/users/{id}", says("delete"))
	rt.Handle("POST", "/users/new", says("new"))
	rt.Handle("GET", "/users/{id}/posts/{name}", says("post"))
	rt.Handle("GET", "/files/{path...}", says("files"))
	rt.Handle("GET", "/either/{id}/posts", says("posts"))
	rt.Handle("GET", "/either/{path...}", says("rest"))
	rt.Handle("HEAD", "/own", says("head"))
	rt.Handle("OPTIONS", "/own", says("options"))
	rt.Handle("GET", "/a b", says("space"))
	rt.Handle("GET", "/folder/", says("folder"))
	rt.Handle("GET", "/100%25", says("a percent sign, 2 and 5"))
	return rt
}

func TestRouter_findsTheRoute(t *testing.T) {
	rt := testRouter()
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/", "root"},
		{"GET", "/users", "users"},
		{"GET", "/users?id=9", "users"},
		{"GET", "/users/7", "user id=7"},
		{"GET", "/us%65rs/7", "user id=7"},
		{"GET", "/users/a%2Fb", "user id=a/b"},
		{"GET", "/users/%7Ea%20b", "user id=~a b"},
		{"GET", "/users/new", "user id=new"}, // an equal segment has no GET
		{"POST", "/users/new", "new"},
		{"DELETE", "/users/7", "delete id=7"},
		{"GET", "/users/7/posts/x", "post id=7 name=x"},
		{"GET", "/users/new/posts/x", "post id=new name=x"},
		{"GET", "/files/", "files rest="},
		{"GET", "/files/a/b%20c/", "files rest=a/b%20c/"},
		{"GET", "/files//a", "files rest=/a"},
		{"GET", "/either/7/posts", "posts id=7"},
		{"GET", "/either/7/other", "rest rest=7/other"}, // and nothing of the route that was tried before
		{"GET", "/a%20b", "space"},
		{"GET", "/folder/", "folder"},
		{"GET", "/100%2525", "a percent sign, 2 and 5"},
		{"OPTIONS", "/own", "options"},
	} {
		got := ask(t, rt, test.method+" "+test.path+" HTTP/1.1\r\nHost: a\r\n\r\n")
		require.Equal(t, 200, got.status, "%s %s", test.method, test.path)
		require.Equal(t, test.want, got.content, "%s %s", test.method, test.path)
	}
}

func TestRouter_saysWhatIsNotThere(t *testing.T) {
	rt := testRouter()
	for _, path := range []string{"/nothing", "/users/", "/users/7/", "/users//posts/x", "/users/7/posts", "/files", "/folder", "//", "/users%2F7", "/a+b", "/100%25"} {
		require.Equal(t, 404, get(t, rt, path).status, path)
	}
}

func TestRouter_saysWhichMethodsThereAre(t *testing.T) {
	rt := testRouter()
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"POST", "/users/7", 405, "DELETE, GET, HEAD, OPTIONS"},
		{"PUT", "/users/new", 405, "DELETE, GET, HEAD, OPTIONS, POST"}, // {id} matches it, too
		{"OPTIONS", "/users/new", 204, "DELETE, GET, HEAD, OPTIONS, POST"},
		{"GET", "/own", 405, "HEAD, OPTIONS"},
		{"OPTIONS", "/users/7", 204, "DELETE, GET, HEAD, OPTIONS"},
		{"OPTIONS", "/files/x", 204, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "*", 204, ""},
		{"OPTIONS", "/nothing", 404, ""},
	} {
		got := ask(t, rt, test.method+" "+test.path+" HTTP/1.1\r\nHost: a\r\n\r\n")
		require.Equal(t, test.status, got.status, "%s %s", test.method, test.path)
		require.Equal(t, test.allow, got.header.Get("Allow"), "%s %s", test.method, test.path)
	}
}

func TestRouter_leavesNoParametersOfRoutesThatOnlyOtherMethodsHave(t *testing.T) {
	rt := testRouter()
	for _, path := range []string{"/users/7", "/files/x"} {
		got := ask(t, HandlerFunc(func(w *ResponseWriter, r *Request) {
			rt.ServeHTTP(w, r)
			require.Empty(t, r.Param("id"))
			require.Equal(t, path[1:], string(r.Rest()), "the whole path, as before the search")
		}), "PUT "+path+" HTTP/1.1\r\nHost: a\r\n\r\n")
		require.Equal(t, 405, got.status)
	}
}

func TestRouter_answersHEADWithGET(t *testing.T) {
	got := ask(t, testRouter(), "HEAD /users/7 HTTP/1.1\r\nHost: a\r\n\r\n")
	require.Equal(t, 200, got.status)
	require.Equal(t, "9", got.header.Get("Content-Length"), "the length of \"user id=7\"")
	require.Empty(t, got.content)
}

func TestRouter_refusesWrongRoutes(t *testing.T) {
	for _, pattern := range []string{"", "users", "/{id", "/id}", "/{}", "/{...}", "/{path...}/x", "/x{id}", "/{a}{b}", "/x..."} {
		require.Panics(t, func() { new(Router).Handle("GET", pattern, says("")) }, pattern)
	}
	require.Panics(t, func() { new(Router).Handle("get", "/", says("")) }, "a method is upper case")
	require.Panics(t, func() { new(Router).Handle("GET", "/", nil) }, "no handler")
	rt := testRouter()
	require.PanicsWithValue(t, "httpd: there are two routes GET /users/{id}", func() { rt.Handle("GET", "/users/{id}", says("")) })
	require.Panics(t, func() { rt.Handle("PUT", "/users/{name}", says("")) }, "one segment has one name")
}

func TestRouter_findsNothingInAPathDeeperThanItsRoutes(t *testing.T) {
	rt := new(Router)
	pattern := ""
	for range 20 {
		pattern += "/a"
		rt.Handle("GET", pattern+"/{id}", says("x"))
		rt.Handle("GET", pattern+"/{id}/a/end", says("x"))
	}
	path := strings.Repeat("/a", 2000)
	require.Equal(t, 404, get(t, rt, path).status)
}

func TestRouter_allocatesNothingOnAHit(t *testing.T) {
	rt := testRouter()
	nothing := HandlerFunc(func(*ResponseWriter, *Request) {})
	rt.Handle("GET", "/hit/{id}/x y", nothing)
	through := passOn(rt)
	parser := http1.NewParser(http1.Limits{})
	_, complete, err := parser.Parse([]byte("GET /hit/7/x%20y HTTP/1.1\r\nHost: a\r\n\r\n"))
	require.NoError(t, err)
	require.True(t, complete)
	var x Exchange
	x.Reset()
	ctx := context.Background()
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_ = x.Answer(ctx, through, parser.Request(), nil)
		x.Reset()
	}))
}

// passOn is the least middleware there is.
func passOn(next Handler) Handler {
	return HandlerFunc(func(w *ResponseWriter, r *Request) { next.ServeHTTP(w, r) })
}
