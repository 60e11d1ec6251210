package httpdtest

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/httpd"
)

const notHTTP = "refused" // as a request line: the right server answers with 400

// Wrong in what a request line may look like, and how lines end.
var wrongRequests = []lesson.Wrong[Subject]{
	{
		Name: "splits the request line at any white space", Case: "request-line",
		Message: "one space, target, one space, version",
		Subject: withRequestLine(func(line string) string { return strings.Join(strings.Fields(line), " ") }),
	},
	{
		Name: "takes an empty line for a request line", Case: "empty-line-first",
		Message: "one empty line before a request is skipped",
		Subject: withHead(func(lines []string) []string {
			if lines[0] == "" {
				return []string{notHTTP}
			}
			return lines
		}),
	},
	{
		Name: "waits for CRLF CRLF", Case: "bare-lf",
		Message: "a lone LF ends a line of the head, so that people can type a request",
		Subject: withRequests(func(arrived []byte) []byte {
			if !bytes.Contains(arrived, []byte("\r\n\r\n")) {
				return unlessLong(arrived)
			}
			return arrived
		}),
	},
	{
		Name: "drops every CR", Case: "bare-cr",
		Message: "a CR that ends no line is refused",
		Subject: withHead(func(lines []string) []string {
			for i := range lines {
				lines[i] = strings.ReplaceAll(lines[i], "\r", "")
			}
			return lines
		}),
	},
	{
		Name: "cuts a value at NUL, as C does", Case: "control-characters",
		Message: "NUL and other control characters are refused",
		Subject: withHead(func(lines []string) []string {
			for i := range lines {
				lines[i], _, _ = strings.Cut(lines[i], "\x00")
			}
			return lines
		}),
	},
	{
		Name: "takes any word for a method", Case: "method-token",
		Message: "a method is a token",
		Subject: withRequestLine(func(line string) string {
			known := []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}
			if method, rest, found := strings.Cut(line, " "); found && !slices.Contains(known, method) {
				return "UNKNOWN " + rest // and so 501, whatever it was
			}
			return line
		}),
	},
	{
		Name: "makes the method upper-case", Case: "method-unknown",
		Message: "methods are case-sensitive",
		Subject: withRequestLine(func(line string) string {
			method, rest, found := strings.Cut(line, " ")
			if !found {
				return line
			}
			return strings.ToUpper(method) + " " + rest
		}),
	},
	{
		Name: "speaks any version", Case: "version",
		Message: "another major version is answered with 505",
		Subject: withRequestLine(func(line string) string {
			return strings.NewReplacer(" HTTP/2.0", " HTTP/1.1", " HTTP/0.9", " HTTP/1.1").Replace(line)
		}),
	},
	{
		Name: "reads the version with Sscanf", Case: "version-syntax",
		Message: "a version is HTTP/, a digit, a dot, a digit",
		Subject: withRequestLine(func(line string) string {
			before, version, _ := cutLast(line, " ")
			var major, minor int
			if n, _ := fmt.Sscanf(version, "HTTP/%d.%d", &major, &minor); n == 2 && major == 1 {
				return before + " HTTP/1.1"
			}
			return line
		}),
	},
	{
		Name: "knows 1.0 and 1.1, and no 1.2", Case: "minor-version",
		Message: "a higher minor version is treated as 1.1",
		Subject: withRequestLine(func(line string) string { return strings.Replace(line, "HTTP/1.2", "HTTP/2.0", 1) }),
	},
	{
		Name: "leaves the target to url.Parse", Case: "target-characters",
		Message: "a target holds the characters of a URI, and no fragment",
		Subject: withRequestLine(func(line string) string {
			method, target, version := cutRequestLine(line)
			if parsed, err := url.Parse(target); err == nil && strings.HasPrefix(target, "/") {
				return method + " " + parsed.EscapedPath() + " " + version
			}
			return line
		}),
	},
	{
		Name: "puts a slash before a path that has none", Case: "target-form",
		Message: "a target is a path, an absolute URI with a host, or * for OPTIONS",
		Subject: withRequestLine(func(line string) string {
			method, target, version := cutRequestLine(line)
			if target != "" && target[0] != '/' && target != "*" && !strings.Contains(target, "://") && method != "CONNECT" {
				target = "/" + target
			}
			return method + " " + target + " " + version
		}),
	},
	{
		Name: "takes every target for a path", Case: "target-absolute",
		Message: "a target may be an absolute URI",
		Subject: withRequestLine(func(line string) string {
			if method, target, _ := cutRequestLine(line); method == "GET" && strings.HasPrefix(strings.ToLower(target), "http:") {
				return notHTTP // it does not begin with a slash
			}
			return line
		}),
	},
	{
		Name: "looks for a route to *", Case: "target-asterisk",
		Message: "OPTIONS * asks about the server as a whole",
		Subject: withMiddleware(func(next httpd.Handler) httpd.Handler {
			return httpd.HandlerFunc(func(w *httpd.ResponseWriter, r *httpd.Request) {
				if string(r.Path()) == "*" {
					httpd.Error(w, 404, "there is nothing at this path")
					return
				}
				next.ServeHTTP(w, r)
			})
		}),
	},
	{
		Name: "decodes the path before it splits it", Case: "encoded-slash",
		Message: "an encoded slash is no slash",
		Subject: withRequestLine(func(line string) string {
			method, target, version := cutRequestLine(line)
			if decoded, err := url.PathUnescape(target); err == nil && !strings.ContainsAny(decoded, " ?#<>\x00") {
				target = decoded
			}
			return method + " " + target + " " + version
		}),
	},
}

// cutRequestLine returns the parts around the first and the last space.
func cutRequestLine(line string) (method, target, version string) {
	method, rest, _ := strings.Cut(line, " ")
	target, version, _ = cutLast(rest, " ")
	return method, target, version
}

// cutLast is strings.Cut at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}
