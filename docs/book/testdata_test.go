package book

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// sample is a small book that has one of everything.
var sample = map[string]string{
	"README.md":   "# Not a chapter\n",
	"diagram.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	"00-start.md": `# Start here

<!-- chapter: How to use
this book. -->

## What you need

Go & nothing else. Then [step 1](01-tcp.md#half-close--fin).

![The states](diagram.svg)
`,
	"01-tcp.md": `# Step 1: The accept loop

<!-- chapter: 60 minutes. What surrounds one line of Accept. -->

A first paragraph with [the server](../step01-tcp/tcp/server.go#L3-L5),
[its folder](../step01-tcp/tcp/), ` + "[`step01-tcp/main.go`](../step01-tcp/main.go)" + `,
[above](#predict) and [Go](https://go.dev/).

## Half-close & ` + "`FIN`" + `

<!-- console server -->
` + "```console" + `
$ go run ./step01-tcp \
    -addr 127.0.0.1:0
listening on <port>
$ echo "a & b"
` + "```" + `

<!-- measured: go test ./step01-tcp/... -->
<!-- quote step01-tcp/tcp/server.go Server.Serve body -->
` + "```go" + `
func (s *Server) Serve() string {
	return "<served>" // at last
}
` + "```" + `

### Predict

<details>
<summary>Answer</summary>

It **hangs**: see ` + "`zyzzyva`" + `.

</details>

## Predict

| wrong program | half-close |
|---|:-:|
| forgets | ✗ |

A list:

- a

  ` + "```" + `
  plain < text
  ` + "```" + `
`,
}

var sampleRepository = map[string]string{
	"step01-tcp/main.go":         "package main\n",
	"step01-tcp/tcp/server.go":   "package tcp\n\n// A Server serves.\ntype Server struct{}\n\nfunc (s *Server) Serve() string {\n\treturn \"<served>\" // at last\n}\n",
	"step01-tcp/tcp/notes.md":    "# Notes\n",
	"step01-tcp/tcp/picture.png": "\x89PNG",
}

func filesOf(texts map[string]string) fstest.MapFS {
	files := make(fstest.MapFS)
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func buildSample(t *testing.T) *Site {
	t.Helper()
	site, err := Build(filesOf(sample), filesOf(sampleRepository))
	require.NoError(t, err)
	require.Empty(t, site.Problems)
	return site
}

// buildChapter builds a book of one chapter, and returns the chapter's page.
func buildChapter(t *testing.T, markdown string) (site *Site, page string) {
	t.Helper()
	site, err := Build(filesOf(map[string]string{"01-tcp.md": markdown}), filesOf(sampleRepository))
	require.NoError(t, err)
	return site, contentOf(t, site, "01-tcp.html")
}

func contentOf(t *testing.T, site *Site, name string) string {
	t.Helper()
	file := site.files[name]
	require.NotNil(t, file, "the site has no file %s", name)
	return string(file.Data)
}
