package httpd

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"example.com/async/step02-http/http1"
)

// A Router is a Handler that chooses another one by method and path.
//
// A pattern is a path. Its segments, the parts between slashes, match equal segments of
// the request's path after percent-decoding, so %2F is no slash; {name} matches
// any one segment that isn't empty, see [Request.Param]; {name...} at the end matches
// the rest of the path, also an empty one, see [Request.Rest]. An equal segment goes before
// {name}, and that before {name...}.
//
// A path without a route is answered with 404; a method that the path doesn't have
// with 405 and Allow. HEAD is answered by the GET handler, OPTIONS by the Router, unless
// they have handlers of their own.
//
// The zero value is ready. All routes must be there before the first request;
// from then on a Router is safe for use by several goroutines.
type Router struct {
	root routeNode
	// equal holds the nodes whose patterns have no braces, and nothing that looks encoded, by their
	// patterns: one look-up finds what root would find in as many as there are segments.
	equal map[string]*routeNode
}

// A routeNode stands for a path up to some segment. Each node can be reached in one way
// only, so looking for a route visits each once, whatever path a client thinks up.
type routeNode struct {
	equal map[string]*routeNode
	param *routeNode // {name}
	rest  *routeNode // {name...}; a leaf
	name  string     // of this {name}

	methods []route // of the pattern that ends here
}

type route struct {
	method  string
	handler Handler
	label   string // "GET /users/{id}"
}

// Handle adds a route. The pattern begins with a slash: "/users/{id}". Handle
// panics if the pattern or the method is wrong, or if there is such a route already:
// that is a mistake in the program.
func (rt *Router) Handle(method, pattern string, handler Handler) {
	if method == "" || method != strings.ToUpper(method) || handler == nil {
		panic(fmt.Sprintf("httpd: the route %s %s needs a method and a handler", method, pattern))
	}
	path, found := strings.CutPrefix(pattern, "/")
	if !found {
		panic(fmt.Sprintf("httpd: the pattern %q must begin with a slash", pattern))
	}
	node := &rt.root
	for more := true; more; {
		var segment string
		segment, path, more = strings.Cut(path, "/")
		node = node.child(segment, !more, pattern)
	}
	if slices.ContainsFunc(node.methods, func(r route) bool { return r.method == method }) {
		panic(fmt.Sprintf("httpd: there are two routes %s %s", method, pattern))
	}
	node.methods = append(node.methods, route{method, handler, method + " " + pattern})
	if !strings.ContainsAny(pattern, "{%") {
		if rt.equal == nil {
			rt.equal = map[string]*routeNode{}
		}
		rt.equal[pattern] = node
	}
}

// HandleFunc is Handle for an ordinary function.
func (rt *Router) HandleFunc(method, pattern string, handler func(w *ResponseWriter, r *Request)) {
	rt.Handle(method, pattern, HandlerFunc(handler))
}

// child returns the node under n for a segment of a pattern, made if need be.
func (n *routeNode) child(segment string, last bool, pattern string) *routeNode {
	name, isParam := strings.CutPrefix(segment, "{")
	name, closed := strings.CutSuffix(name, "}")
	name, isRest := strings.CutSuffix(name, "...")
	switch {
	case isParam != closed || strings.ContainsAny(name, "{}") || isParam && name == "" || isRest && !(isParam && last):
		panic(fmt.Sprintf("httpd: the pattern %q has a wrong segment %q", pattern, segment))
	case isRest:
		return ensure(&n.rest, name, pattern)
	case isParam:
		return ensure(&n.param, name, pattern)
	}
	if n.equal == nil {
		n.equal = map[string]*routeNode{}
	}
	if n.equal[segment] == nil {
		n.equal[segment] = &routeNode{}
	}
	return n.equal[segment]
}

func ensure(node **routeNode, name, pattern string) *routeNode {
	if *node == nil {
		*node = &routeNode{name: name}
	}
	if (*node).name != name {
		panic(fmt.Sprintf("httpd: the pattern %q calls {%s} what another one calls {%s}", pattern, name, (*node).name))
	}
	return *node
}

// ServeHTTP lets the handler of the route answer.
func (rt *Router) ServeHTTP(w *ResponseWriter, r *Request) {
	if handler := rt.find(w, r); handler != nil {
		handler.ServeHTTP(w, r)
	}
}

var _ HeadHandler = (*Router)(nil)

// RefuseHead refuses a request that has no route, or whose route's handler refuses it.
func (rt *Router) RefuseHead(w *ResponseWriter, r *Request) bool {
	handler := rt.find(w, r)
	if handler == nil {
		return true
	}
	asks, ok := handler.(HeadHandler)
	return ok && asks.RefuseHead(w, r)
}

// find returns the handler of the route; or nil, and has answered itself.
func (rt *Router) find(w *ResponseWriter, r *Request) Handler {
	path := r.Path()
	if path[0] != '/' { // OPTIONS *
		w.SetStatus(204)
		return nil
	}
	handler, found := rt.search(r.Method, path, r)
	switch {
	case handler != nil:
		r.route = found.label
		return handler
	case !found.matched:
		Error(w, 404, "there is nothing at this path")
	case r.Method == http1.MethodOptions:
		w.SetStatus(204)
		w.Header().Set("Allow", rt.allowed(path, r))
	default:
		Error(w, 405, "this path doesn't have the method "+r.Method)
		w.Header().Set("Allow", rt.allowed(path, r))
	}
	return nil
}

// search looks for the route of a method and a path.
func (rt *Router) search(method string, path []byte, r *Request) (handler Handler, found search) {
	found.method = method
	if node := rt.equal[string(path)]; node != nil {
		handler = found.at(node)
	}
	if handler == nil {
		handler = found.in(&rt.root, path[1:], r)
	}
	return handler, found
}

// allowed returns the methods of a path for the Allow field (RFC 9110 section 10.2.1). They may be those of
// several patterns, so each method is tried: nothing that must be fast comes here.
func (rt *Router) allowed(path []byte, r *Request) string {
	methods := []string{http1.MethodOptions}
	for _, method := range []string{
		http1.MethodDelete, http1.MethodGet, http1.MethodHead, http1.MethodPatch, http1.MethodPost, http1.MethodPut, http1.MethodTrace,
	} {
		if handler, _ := rt.search(method, path, r); handler != nil {
			methods = append(methods, method)
		}
	}
	r.params, r.rest, r.routed = r.params[:0], nil, false // a search that succeeds leaves them
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

// A search looks for the route of one request.
type search struct {
	method  string
	matched bool   // a pattern matches the path, whatever its methods
	label   string // of the route that was found
}

// in returns the handler for path, which begins with a segment, under node; or nil.
func (s *search) in(node *routeNode, path []byte, r *Request) Handler {
	end := bytes.IndexByte(path, '/')
	last := end < 0
	if last {
		end = len(path)
	}
	segment := path[:end]

	if next := node.match(segment); next != nil {
		if handler := s.below(next, path, end, last, r); handler != nil {
			return handler
		}
	}
	if next := node.param; next != nil && len(segment) > 0 {
		r.params = append(r.params, param{next.name, segment})
		if handler := s.below(next, path, end, last, r); handler != nil {
			return handler
		}
		r.params = r.params[:len(r.params)-1]
	}
	if node.rest != nil {
		r.rest, r.routed = path, true
		if handler := s.at(node.rest); handler != nil {
			return handler
		}
		r.rest, r.routed = nil, false
	}
	return nil
}

// below goes on behind the segment that next has matched.
func (s *search) below(next *routeNode, path []byte, end int, last bool, r *Request) Handler {
	if last {
		return s.at(next)
	}
	return s.in(next, path[end+1:], r)
}

// at returns the handler of a node where the path has ended.
func (s *search) at(node *routeNode) Handler {
	if len(node.methods) == 0 {
		return nil
	}
	s.matched = true
	var get *route
	for i := range node.methods {
		route := &node.methods[i]
		switch route.method {
		case s.method:
			s.label = route.label
			return route.handler
		case http1.MethodGet:
			get = route
		}
	}
	if s.method == http1.MethodHead && get != nil {
		s.label = get.label
		return get.handler
	}
	return nil
}

// match returns the node for an equal segment. Looking up string(bytes) in a
// map makes no copy: the compiler knows this form.
func (n *routeNode) match(segment []byte) *routeNode {
	if bytes.IndexByte(segment, '%') < 0 {
		return n.equal[string(segment)]
	}
	var short [64]byte // keeps the decoded segment off the heap
	return n.equal[string(http1.AppendDecoded(short[:0], segment))]
}
