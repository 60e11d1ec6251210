//go:build solution

package requestline

import "strings"

func Parse(line string) (Line, error) {
	method, rest, found := strings.Cut(line, " ")
	target, version, found2 := strings.Cut(rest, " ")
	if !found || !found2 || !isToken(method) || !isTarget(target) {
		return Line{}, ErrSyntax
	}
	if len(version) != len("HTTP/1.1") || version[:5] != "HTTP/" || !isDigit(version[5]) || version[6] != '.' || !isDigit(version[7]) {
		return Line{}, ErrSyntax
	}
	if version[5] != '1' {
		return Line{}, ErrVersion
	}
	switch method {
	case "GET", "HEAD", "POST":
		return Line{method, target, min(int(version[7]-'0'), 1)}, nil
	}
	return Line{}, ErrMethod
}

func isToken(text string) bool {
	for i := range len(text) {
		b := text[i]
		if !isDigit(b) && !('a' <= b && b <= 'z') && !('A' <= b && b <= 'Z') && !strings.Contains("!#$%&'*+-.^_`|~", string(rune(b))) {
			return false
		}
	}
	return text != ""
}

func isTarget(text string) bool {
	for i := range len(text) {
		if text[i] < '!' || text[i] > '~' {
			return false
		}
	}
	return strings.HasPrefix(text, "/")
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
