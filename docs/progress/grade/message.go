package grade

import (
	"fmt"
	"regexp"
	"strings"
)

// place is what go test puts before a message.
var place = regexp.MustCompile(`^\s*\S+\.go:\d+: `)

// What package lesson puts before the rule and the hint, at the end of a message.
const (
	rulePrefix = "rule: "
	hintPrefix = "hint: "
)

// explain takes apart what a case has said: a sentence, what was seen, the rule, the hint.
func (r *testRun) explain(c Case, output string) Case {
	var lines []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, " \r\n")
		if text := strings.TrimSpace(line); !strings.HasPrefix(text, "=== ") && !strings.HasPrefix(text, "--- ") {
			lines = append(lines, line)
		}
	}
	if r.timedOut(output) {
		c.Sentence = r.lastWord(output)
		return c // what follows are the goroutines of the test, not of the exercise
	}
	var details []string
	into := &c.Details
	for _, line := range lines {
		text := strings.TrimSpace(place.ReplaceAllString(line, ""))
		switch {
		case c.Sentence == "":
			c.Sentence = text
		case strings.HasPrefix(text, rulePrefix):
			c.Rule, into = strings.TrimPrefix(text, rulePrefix), &c.Rule
		case strings.HasPrefix(text, hintPrefix):
			c.Hint, into = strings.TrimPrefix(text, hintPrefix), &c.Hint
		case into == &c.Details:
			details = append(details, strings.TrimPrefix(line, messageIndent))
		default: // a rule or a hint of several lines
			*into += " " + text
		}
	}
	c.Details = strings.Trim(strings.Join(details, "\n"), "\n")
	if c.Sentence == "" {
		c.Sentence = "it did not end, or said nothing"
	}
	return c
}

// messageIndent is what go test puts before the further lines of a message.
const messageIndent = "        "

// messageWith returns what follows prefix in the first message that begins with it.
func messageWith(output, prefix string) (rest string, ok bool) {
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(place.ReplaceAllString(line, ""))
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return rest, true
		}
	}
	return "", false
}

// timedOut reports whether go test has stopped the test.
func (r *testRun) timedOut(output string) bool {
	return strings.Contains(output, "panic: test timed out after ")
}

// lastWord finds what ended a test program: a panic, or its time limit.
func (r *testRun) lastWord(output string) string {
	if r.timedOut(output) {
		return fmt.Sprintf("it hangs: after %v the test had not ended, and was stopped", r.limit)
	}
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			return line
		}
	}
	return "the tests did not end"
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
