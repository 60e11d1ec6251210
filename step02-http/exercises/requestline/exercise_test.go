package requestline

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

type parseFunc func(line string) (Line, error)

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, parseFunc(Parse), lesson.JudgeInBubble[parseFunc])
}

var cases = []lesson.Case[parseFunc]{
	{
		Name: "three-parts", Rule: "method, target and version come apart", Source: "RFC 9112 section 3",
		Hint: "strings.Cut, twice",
		Check: func(t lesson.T, parse parseFunc) {
			accepts(t, parse, "GET / HTTP/1.1", Line{"GET", "/", 1})
			accepts(t, parse, "HEAD /a/b?c=d&e=%20~! HTTP/1.0", Line{"HEAD", "/a/b?c=d&e=%20~!", 0})
			accepts(t, parse, "POST /"+strings.Repeat("x", 8000)+" HTTP/1.1", Line{"POST", "/" + strings.Repeat("x", 8000), 1})
		},
	},
	{
		Name: "one-space", Rule: "exactly one space stands between the parts", Source: "RFC 9112 sections 3 and 11.2",
		Hint: "strings.Fields forgives: count what it hides",
		Check: func(t lesson.T, parse parseFunc) {
			refuses(t, parse, ErrSyntax, "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
				"GET\t/\tHTTP/1.1", "GET / HTTP/1.1\r", "GET /a b HTTP/1.1")
		},
	},
	{
		Name: "parts-missing", Rule: "no part may be missing", Source: "RFC 9112 section 3",
		Hint: "what is strings.Split of the empty string?",
		Check: func(t lesson.T, parse parseFunc) {
			refuses(t, parse, ErrSyntax, "", " ", "  ", "GET", "GET /", "GET  HTTP/1.1", " / HTTP/1.1", "GET / ")
		},
	},
	{
		Name: "method-token", Rule: "a method is a token, and none that is known in another case", Source: "RFC 9110 sections 5.6.2 and 9.1",
		Hint: "a method that could exist is 501, one that can't is 400",
		Check: func(t lesson.T, parse parseFunc) {
			refuses(t, parse, ErrMethod, "BREW /pot HTTP/1.1", "get / HTTP/1.1", "M-SEARCH / HTTP/1.1", "9!#$%&'*+-.^_`|~ / HTTP/1.1")
			refuses(t, parse, ErrSyntax, "G[T / HTTP/1.1", "GET: / HTTP/1.1", "\"GET\" / HTTP/1.1", "GÉT / HTTP/1.1", "GET\x00 / HTTP/1.1")
		},
	},
	{
		Name: "target-characters", Rule: "a target begins with a slash, and holds visible ASCII only", Source: "RFC 9112 section 3.2",
		Hint: "look at bytes, not at runes: unicode.IsPrint knows too much",
		Check: func(t lesson.T, parse parseFunc) {
			refuses(t, parse, ErrSyntax, "GET index.html HTTP/1.1", "GET * HTTP/1.1", "GET /ä HTTP/1.1", "GET /\x00 HTTP/1.1",
				"GET /\x7f HTTP/1.1", "GET /a\tb HTTP/1.1", "GET /a\rb HTTP/1.1", "GET /\u00a0 HTTP/1.1")
		},
	},
	{
		Name: "version", Rule: "HTTP/1.x is understood, another major version is 505, all else is 400", Source: "RFC 9112 section 2.3",
		Hint: "eight bytes: look at each",
		Check: func(t lesson.T, parse parseFunc) {
			accepts(t, parse, "GET / HTTP/1.2", Line{"GET", "/", 1})
			accepts(t, parse, "GET / HTTP/1.9", Line{"GET", "/", 1})
			refuses(t, parse, ErrVersion, "GET / HTTP/2.0", "GET / HTTP/0.9")
			refuses(t, parse, ErrSyntax, "GET / http/1.1", "GET / HTTP/1.", "GET / HTTP/1.10", "GET / HTTP/01.1", "GET / HTTP/1,1",
				"GET / HTTP/+1.1", "GET / HTTP/2", "GET / HTTPS/1.1", "GET / HTTP/x.y", "GET / HTTP/1.1.1")
		},
	},
	{
		Name: "order", Rule: "400 goes before 505, and that before 501", Source: "http1.Parser",
		Hint: "a line from HTTP/2 may have a method that means something there",
		Check: func(t lesson.T, parse parseFunc) {
			refuses(t, parse, ErrVersion, "PRI / HTTP/2.0")
			refuses(t, parse, ErrSyntax, "PRI * HTTP/2.0", "BREW pot HTTP/1.1", "GET / HTTP/2.x")
		},
	},
}

func accepts(t lesson.T, parse parseFunc, line string, want Line) {
	t.Helper()
	got, err := parse(line)
	require.NoError(t, err, "%s is a good line", short(line))
	require.Equal(t, want, got, "the parts of %s", short(line))
}

func refuses(t lesson.T, parse parseFunc, want error, lines ...string) {
	t.Helper()
	for _, line := range lines {
		got, err := parse(line)
		require.ErrorIs(t, err, want, "%s must be refused with %q, but the answer is %+v", short(line), want, got)
	}
}

func short(line string) string { return fmt.Sprintf("%.60q", line) }

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[parseFunc]{
		{
			Name: "takes the parts as they come", Case: "version",
			Message: `"GET / HTTP/2.0" must be refused`,
			Subject: func(line string) (Line, error) {
				parts := strings.Split(line, " ")
				if len(parts) != 3 {
					return Line{}, ErrSyntax
				}
				return Line{parts[0], parts[1], 1}, nil
			},
		},
		{
			Name: "ends the target at the question mark", Case: "three-parts",
			Message: `the parts of "HEAD /a/b?c=d&e=%20~! HTTP/1.0"`,
			Subject: func(line string) (Line, error) {
				parsed, err := careful(line)
				parsed.Target, _, _ = strings.Cut(parsed.Target, "?")
				return parsed, err
			},
		},
		{
			Name: "splits with strings.Fields", Case: "one-space",
			Message: "must be refused with \"400: this is no request line\"",
			Subject: func(line string) (Line, error) { return careful(strings.Join(strings.Fields(line), " ")) },
		},
		{
			Name: "indexes what Split returns", Case: "parts-missing",
			Message: "index out of range",
			Subject: func(line string) (Line, error) {
				parts := strings.Split(line, " ")
				if len(parts[2]) != 8 || len(parts) > 3 {
					return Line{}, ErrSyntax
				}
				return careful(line)
			},
		},
		{
			Name: "answers 501 whatever the method looks like", Case: "method-token",
			Message: `"G[T / HTTP/1.1" must be refused with "400`,
			Subject: func(line string) (Line, error) {
				method, rest, _ := strings.Cut(line, " ")
				_, otherwise := careful("GET " + rest)
				if method != "GET" && method != "HEAD" && method != "POST" && method != "" && otherwise == nil {
					return Line{}, ErrMethod // no token? then it's unknown, too
				}
				return careful(line)
			},
		},
		{
			Name: "makes the method upper-case", Case: "method-token",
			Message: `"get / HTTP/1.1" must be refused with "501`,
			Subject: func(line string) (Line, error) {
				method, rest, _ := strings.Cut(line, " ")
				return careful(strings.ToUpper(method) + " " + rest)
			},
		},
		{
			Name: "looks at the target's first byte only", Case: "target-characters",
			Message: `"GET /ä HTTP/1.1" must be refused`,
			Subject: func(line string) (Line, error) {
				method, rest, _ := strings.Cut(line, " ")
				target, version, found := strings.Cut(rest, " ")
				if !found || !strings.HasPrefix(target, "/") {
					return careful(line)
				}
				parsed, err := careful(method + " / " + version)
				parsed.Target = target
				return parsed, err
			},
		},
		{
			Name: "reads the version with http.ParseHTTPVersion, and knows only what it knows", Case: "version",
			Message: `"GET / HTTP/1.2" is a good line`,
			Subject: func(line string) (Line, error) {
				version := line[strings.LastIndex(line, " ")+1:]
				if _, minor, ok := http.ParseHTTPVersion(version); ok && minor > 1 {
					return Line{}, ErrVersion
				}
				return careful(line)
			},
		},
		{
			Name: "looks at the method first", Case: "order",
			Message: `"PRI / HTTP/2.0" must be refused with "505`,
			Subject: func(line string) (Line, error) {
				method, _, _ := strings.Cut(line, " ")
				if _, err := careful(method + " / HTTP/1.1"); err == ErrMethod {
					return Line{}, ErrMethod
				}
				return careful(line)
			},
		},
	}, lesson.JudgeInBubble[parseFunc])
}

// careful is right. The wrong answers make something of its argument, or of its result.
func careful(line string) (Line, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 3 || !all(parts[0], token) || !strings.HasPrefix(parts[1], "/") || !all(parts[1], visible) {
		return Line{}, ErrSyntax
	}
	var major, minor byte
	switch n, _ := fmt.Sscanf(parts[2], "HTTP/%c.%c", &major, &minor); {
	case n != 2 || len(parts[2]) != 8 || major < '0' || major > '9' || minor < '0' || minor > '9':
		return Line{}, ErrSyntax
	case major != '1':
		return Line{}, ErrVersion
	case parts[0] != "GET" && parts[0] != "HEAD" && parts[0] != "POST":
		return Line{}, ErrMethod
	}
	return Line{parts[0], parts[1], min(int(minor-'0'), 1)}, nil
}

func token(b byte) bool {
	return visible(b) && !strings.Contains("\"(),/:;<=>?@[\\]{}", string(rune(b)))
}

func visible(b byte) bool { return '!' <= b && b <= '~' }

func all(text string, holds func(byte) bool) bool {
	for i := range len(text) {
		if !holds(text[i]) {
			return false
		}
	}
	return text != ""
}
