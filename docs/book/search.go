package book

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A searchEntry is one heading and the text below it, up to the next heading.
type searchEntry struct {
	Href    string `json:"href"`
	Chapter string `json:"chapter"`
	Title   string `json:"title"`
	Text    string `json:"text"`
}

// searchIndex is what the browser searches through: assets/search.js reads it
// when a reader begins to search. The whole book is small enough to look
// through it at each key.
func (b *builder) searchIndex() ([]byte, error) {
	var entries []searchEntry
	for _, c := range b.chapters {
		entries = append(entries, c.searchEntries()...)
	}
	return json.Marshal(entries)
}

// searchEntries cuts the rendered chapter at its headings. It reads the HTML, not the
// Markdown, because that is what a reader sees.
func (c *chapter) searchEntries() []searchEntry {
	var (
		entries []searchEntry
		text    strings.Builder // since the last heading began or ended
	)
	take := func() string {
		defer text.Reset()
		return strings.Join(strings.Fields(text.String()), " ")
	}
	finish := func() {
		if body := take(); len(entries) > 0 {
			entries[len(entries)-1].Text = body
		}
	}
	tokens := html.NewTokenizer(strings.NewReader(c.body))
	for {
		kind := tokens.Next()
		token := tokens.Token()
		switch {
		case kind == html.ErrorToken: // the end: a string can't fail in another way
			finish()
			return entries
		case kind == html.TextToken:
			text.WriteString(token.Data)
		case isHeading(token) && kind == html.StartTagToken:
			finish()
			entries = append(entries, searchEntry{Href: c.Href() + "#" + attribute(token, "id"), Chapter: c.Title})
		case isHeading(token) && len(entries) > 0:
			entries[len(entries)-1].Title = take()
		case separates[token.DataAtom]:
			text.WriteByte(' ')
		}
	}
}

// separates names the elements between whose texts a space belongs: without it
// two cells of a table would be one word.
var separates = map[atom.Atom]bool{
	atom.P: true, atom.Li: true, atom.Td: true, atom.Th: true, atom.Br: true,
	atom.Pre: true, atom.Figcaption: true, atom.Summary: true, atom.Blockquote: true,
}

func isHeading(token html.Token) bool {
	switch token.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
