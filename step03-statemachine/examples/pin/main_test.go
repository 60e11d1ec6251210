package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow_showsWhatTheCommentsSay(t *testing.T) {
	var out strings.Builder
	show(&out)
	text := regexp.MustCompile(`0x[0-9a-f]+`).ReplaceAllString(out.String(), "ADDRESS")
	require.Contains(t, text, `a is "one 222", b is "one 222"`)
	require.Contains(t, text, "panic: pin: this CheckedLine is a copy")
	require.Contains(t, text, "was at ADDRESS, and is at ADDRESS; the old pointer reads 2")
	require.Contains(t, text, "kept while pinned: true; freed afterwards: true")
}
