package weave

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// htmlTarget finds the targets of links and images that are written as HTML.
var htmlTarget = regexp.MustCompile(`<(?:a|img|source)\b[^>]*\s(?:href|src|srcset)="([^"]+)"`)

// checkLinks follows every link and image that stays in the repository.
func (c *Chapter) checkLinks(repo *repository) []Problem {
	var problems []Problem
	follow := func(n ast.Node, target string) {
		if message := c.followLink(repo, target); message != "" {
			problems = append(problems, c.problem(c.lineOf(n), "dead link %s: %s", target, message))
		}
	}
	c.walk(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Link:
			follow(n, string(n.Destination))
		case *ast.Image:
			follow(n, string(n.Destination))
		case *ast.HTMLBlock, *ast.RawHTML:
			for _, match := range htmlTarget.FindAllStringSubmatch(rawHTML(n, c.Source), -1) {
				follow(n, match[1])
			}
		}
	})
	return problems
}

// followLink says what is wrong with a link's target, or nothing.
func (c *Chapter) followLink(repo *repository, target string) string {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "it is not a URL"
	case u.Scheme != "" || u.Host != "":
		return "" // the wide world is not ours to check, least of all offline
	case strings.HasPrefix(u.Path, "/"):
		return "a path from the root leads elsewhere on a code host; write it relative to this file"
	}

	file := c.Path
	if u.Path != "" {
		file = path.Join(path.Dir(c.Path), u.Path)
	}
	if file == ".." || strings.HasPrefix(file, "../") {
		return "it leaves the repository"
	}
	if _, err := os.Stat(filepath.Join(repo.root, filepath.FromSlash(file))); err != nil {
		return "there is no " + file
	}
	switch {
	case u.Fragment == "":
		return ""
	case !strings.HasSuffix(file, ".md"):
		return "only a Markdown file has anchors that stay; quote the lines instead"
	}
	anchors, err := repo.anchors(file)
	if err != nil {
		return err.Error()
	}
	if !anchors[u.Fragment] {
		return file + " has no heading with the anchor #" + u.Fragment
	}
	return ""
}
