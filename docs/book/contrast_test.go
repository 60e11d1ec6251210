package book

import (
	"math"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Text needs a contrast of 4.5 to its background: WCAG 2.2, criterion 1.4.3, level AA.
func TestStyle_hasEnoughContrastInBothThemes(t *testing.T) {
	css, err := assets.ReadFile("assets/book.css")
	require.NoError(t, err)
	colours := make(map[string][2]string) // light and dark
	for _, found := range regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`).FindAllSubmatch(css, -1) {
		colours[string(found[1])] = [2]string{string(found[2]), string(found[3])}
	}

	onCode := []string{"ink", "quiet", "link", "wrong", "code-keyword", "code-string", "code-comment", "code-number", "code-function", "code-type"}
	for background, texts := range map[string][]string{
		"paper":   {"ink", "quiet", "link"},
		"here":    {"ink", "quiet", "link"},
		"mark":    {"ink"},
		"code":    onCode,
		"console": {"ink", "quiet", "link"},
	} {
		for _, text := range texts {
			require.Contains(t, colours, background)
			require.Contains(t, colours, text)
			for theme, name := range []string{"light", "dark"} {
				ratio := contrast(t, colours[text][theme], colours[background][theme])
				require.GreaterOrEqual(t, ratio, 4.5, "%s on %s, %s theme", text, background, name)
			}
		}
	}
}

// contrast is the ratio that WCAG 2.2 defines.
func contrast(t *testing.T, a, b string) float64 {
	lighter, darker := luminance(t, a), luminance(t, b)
	if lighter < darker {
		lighter, darker = darker, lighter
	}
	return (lighter + 0.05) / (darker + 0.05)
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
