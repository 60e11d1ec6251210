package httpdtest

import (
	"net/http"
	"strings"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/httpd"
)

// Wrong in what a header may look like, and how long a request may be.
var wrongFields = []lesson.Wrong[Subject]{
	{
		Name: "can do without Host", Case: "host-missing",
		Message: "a request in HTTP/1.1 without Host is refused",
		Subject: withHead(func(lines []string) []string {
			for _, line := range lines[1:] {
				if name, _, _ := strings.Cut(line, ":"); strings.EqualFold(strings.TrimSpace(name), "Host") {
					return lines
				}
			}
			return append(lines, "Host: default")
		}),
	},
	{
		Name: "keeps the fields in a map: the last Host wins", Case: "host-twice",
		Message: "a request with two Host fields is refused",
		Subject: withoutField("Host", 1),
	},
	{
		Name: "takes anything for a Host", Case: "host-invalid",
		Message: "a Host that is none is refused",
		Subject: withField("Host", func(string) string { return "anything" }),
	},
	{
		Name: "demands a Host from HTTP/1.0", Case: "host-http10",
		Message: "HTTP/1.0 needs no Host",
		Subject: withRequestLine(func(line string) string {
			return strings.Replace(line, "HTTP/1.0", "HTTP/1.1", 1)
		}),
	},
	{
		Name: "trims a field's name", Case: "space-before-colon",
		Message: "a space between a field name and its colon is refused",
		Subject: withHead(func(lines []string) []string {
			for i, line := range lines {
				if name, value, found := strings.Cut(line, ":"); found && i > 0 {
					lines[i] = strings.TrimRight(name, " ") + ":" + value
				}
			}
			return lines
		}),
	},
	{
		Name: "trims the first header line", Case: "space-first",
		Message: "a space before the first header line is refused",
		Subject: withHead(func(lines []string) []string {
			if len(lines) > 1 {
				lines[1] = strings.TrimLeft(lines[1], " ")
			}
			return lines
		}),
	},
	{
		Name: "unfolds header lines, as RFC 2616 wanted it", Case: "obs-fold",
		Message: "a folded header line is refused",
		Subject: withHead(func(lines []string) (unfolded []string) {
			for i, line := range lines {
				if i > 1 && strings.HasPrefix(line, " ") {
					unfolded[len(unfolded)-1] += line
				} else {
					unfolded = append(unfolded, line)
				}
			}
			return unfolded
		}),
	},
	{
		Name: "skips header lines that it doesn't understand", Case: "field-name",
		Message: "a header line is a token, a colon, a value",
		Subject: withHead(func(lines []string) (understood []string) {
			for i, line := range lines {
				if name, _, found := strings.Cut(line, ":"); i < 2 || found && name != "" && !strings.ContainsAny(name, "()") || strings.HasPrefix(line, " ") {
					understood = append(understood, line)
				}
			}
			return understood
		}),
	},
	{
		Name: "looks for Host and Content-Length in this spelling only", Case: "field-case",
		Message: "field names have no case",
		Subject: withHead(func(lines []string) (known []string) {
			for _, line := range lines {
				name, _, found := strings.Cut(line, ":")
				canonical := http.CanonicalHeaderKey(name)
				if found && name != canonical && (canonical == "Host" || canonical == "Content-Length") {
					continue // a field of another name
				}
				known = append(known, line)
			}
			return known
		}),
	},
	{
		Name: "ignores Expect", Case: "expectation",
		Message: "an expectation other than 100-continue is answered with 417",
		Subject: withoutField("Expect", 0),
	},
	{
		Name: "reads lines of any length", Case: "limit-request-line",
		Message: "a request line of more than 8 KiB is answered with 414",
		Subject: withSettings(func(s *httpd.Server) { s.Limits.RequestLine = 1 << 30 }),
	},
	{
		Name: "counts each header line apart", Case: "limit-header",
		Message: "a header of more than 64 KiB is answered with 431",
		Subject: withSettings(func(s *httpd.Server) { s.Limits.Header = 1 << 30 }),
	},
	{
		Name: "counts the bytes of the header, not its fields", Case: "limit-fields",
		Message: "more than 100 fields are answered with 431",
		Subject: withSettings(func(s *httpd.Server) { s.Limits.Fields = 1 << 30 }),
	},
	{
		Name: "miscounts by one", Case: "limit-fields-ok",
		Message: "100 fields are accepted",
		Subject: withSettings(func(s *httpd.Server) { s.Limits.Fields = 99 }),
	},
	{
		Name: "waits for as much as Content-Length says", Case: "limit-body",
		Message: "a body of more than 1 MiB is answered with 413, as soon as that is known",
		Subject: withSettings(func(s *httpd.Server) { s.Limits.Body = 1 << 62 }),
	},
	{
		Name: "throws chunk extensions away, and doesn't count them", Case: "limit-chunk-overhead",
		Message: "chunk extensions that outweigh the data are refused",
		Subject: withChunks(chunkReader{}),
	},
}
