package book

import (
	"html"
	"io"
	"slices"
	"strings"
)

// What begins a line that the reader types: a command, or input for the program
// that runs. Package console plays sessions of this form, and describes them.
const (
	commandPrompt = "$ "
	inputPrompt   = "> "
)

// consoleFigure captions a shell session by the words of its comment: a
// terminal's name, and what of the output may differ on the reader's machine.
func consoleFigure(words []string) figure {
	f := figure{console: true, caption: "Terminal"}
	if len(words) > 0 && strings.HasPrefix(words[0], "not-run") {
		return f // the rest is a reason, for authors
	}
	for _, word := range words {
		name, _, isSetting := strings.Cut(word, "=")
		switch {
		case name == "lanes" || name == "unordered":
			f.note = "the lines may come in another order"
		case name == "noinput":
			f.noInput = true
		case !isSetting:
			f.caption = "Terminal: " + html.EscapeString(name)
		}
	}
	return f
}

// writeConsole writes a shell session line by line: what is typed stands apart
// from what is printed, so that the copy button takes only the former.
func (f figure) writeConsole(w io.Writer, session string) {
	prompts := []string{commandPrompt, inputPrompt}
	if f.noInput {
		prompts = prompts[:1]
	}
	continued := false
	for line := range strings.Lines(session) {
		line = strings.TrimSuffix(line, "\n")
		prompt := ""
		if i := slices.IndexFunc(prompts, func(p string) bool { return strings.HasPrefix(line, p) }); i >= 0 && !continued {
			prompt = prompts[i]
		}
		class := "printed"
		switch {
		case prompt != "" || continued:
			class = "typed"
		case line == "^C" || line == "^D":
			class = "pressed"
		}
		if prompt != "" {
			io.WriteString(w, `<span class="prompt">`+html.EscapeString(prompt)+`</span>`)
		}
		io.WriteString(w, `<span class="`+class+`">`+html.EscapeString(line[len(prompt):])+"</span>\n")
		continued = (continued || prompt == commandPrompt) && strings.HasSuffix(line, `\`)
	}
}
