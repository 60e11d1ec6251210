package web

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func pageFile(t *testing.T, name string) string {
	content, err := page.ReadFile("page/" + name)
	require.NoError(t, err)
	return string(content)
}

// The page has the commands in it, so that it can show them while one is typed.
func TestPage_knowsTheCommandsThatThereAre(t *testing.T) {
	script := pageFile(t, "words.js")
	_, help := new(session.Session).Line([]byte("/help"))
	require.NotNil(t, help)
	count := 0
	for line := range strings.Lines(help.Text) {
		usage, text, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if strings.HasPrefix(usage, "//") {
			continue // is no command
		}
		count++
		name, arguments, _ := strings.Cut(strings.TrimPrefix(usage, "/"), " ")
		text, _, _ = strings.Cut(strings.TrimSpace(text), ";") // a browser has no Ctrl-C
		require.Contains(t, script, `["`+name+`", "`+arguments+`", "`+text)
	}
	require.Equal(t, count, strings.Count(script, "\n  [\""), "and no others")
}

func TestPage_neverMakesHTMLOfText(t *testing.T) {
	for _, name := range []string{"page.js", "log.js", "company.js", "words.js", "connection.js"} {
		require.NotRegexp(t, `innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|\beval\b`, pageFile(t, name), name)
	}
	html := pageFile(t, "index.html")
	require.NotRegexp(t, `(?i)\son\w+=|\sstyle=|<style|<script(?:[^>]*)>[^<]`, html, "the policy would refuse it")
}

// Text needs a contrast of 4.5 to its background: WCAG 2.2, criterion 1.4.3, level AA.
func TestPage_hasEnoughContrastInBothThemes(t *testing.T) {
	colours := make(map[string][2]string) // light and dark
	for _, found := range regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllStringSubmatch(pageFile(t, "page.css"), -1) {
		colours[found[1]] = [2]string{found[2], found[3]}
	}
	names := []string{"ink", "quiet"}
	for i := range 8 {
		names = append(names, "name-"+strconv.Itoa(i))
	}
	for background, texts := range map[string][]string{
		"paper":  append(names, "link", "fresh"),
		"side":   names,
		"theirs": append(names, "link"),
		"own":    {"ink", "link"},
		"warn":   {"ink"},
		"link":   {"paper"},
	} {
		for _, text := range texts {
			require.Contains(t, colours, background)
			require.Contains(t, colours, text)
			for theme, name := range []string{"light", "dark"} {
				a, b := luminance(t, colours[text][theme]), luminance(t, colours[background][theme])
				ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05)
				require.GreaterOrEqual(t, ratio, 4.5, "%s on %s, %s theme", text, background, name)
			}
		}
	}
}

// luminance is the relative luminance of a colour #rrggbb, as WCAG 2.2 defines it.
func luminance(t *testing.T, colour string) float64 {
	rgb, err := strconv.ParseUint(colour[1:], 16, 32)
	require.NoError(t, err)
	linear := func(shift int) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
