package web_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// What a page must be safe from, one place each.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "lets the pages of all sites connect", File: "handshake.go",
			Old: "case !sameOrigin(r):", New: "case false && !sameOrigin(r):",
			Test: "TestSite_handshake", Message: "expected: 403",
		},
		{
			Name: "looks how an Origin begins", File: "handshake.go",
			Old: "strings.EqualFold(from.Host, string(r.Host()))", New: "strings.HasPrefix(strings.ToLower(from.Host), string(r.Host()))",
			Test: "TestSite_handshake", Message: "from a longer port",
		},
		{
			Name: "answers to a name that was made to point here", File: "site.go",
			Old: "if s.Local && !local(r) {", New: "if s.Local && !local(r) && false {",
			Test: "TestSite_onLoopbackIsReachedByNoOtherName", Message: "421",
		},
		{
			Name: "makes HTML of what people say", File: "page/log.js",
			Old: "element.append(...inside);\n", New: "element.innerHTML = inside.join(\"\");\n",
			Test: "TestPage_neverMakesHTMLOfText", Message: "log.js",
		},
		{
			Name: "does not say what the page may load", File: "site.go",
			Old: "\t\theader.Set(\"Content-Security-Policy\", policy)\n", New: "",
			Test: "TestSite_servesThePageAndItsFiles", Message: "default-src 'none'",
		},
		{
			Name: "makes room for what a header promises", File: "frames.go",
			Old:  "\t\tf.message = append(f.message, piece...)\n",
			New:  "\t\tf.message = append(append(make([]byte, 0, f.frame.header.Length), f.message...), piece...)\n",
			Test: "TestFrames_holdsOnlyWhatHasCome", Message: "is not less than or equal to",
		},
		{
			Name: "begins the mask anew in each piece", File: "frame.go",
			Old: "int(f.came%4)", New: "0",
			Test: "TestFrames_messagesAndTheirEnds", Message: "byte by byte",
		},
	})
}
