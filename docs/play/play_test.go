package play

import (
	"io/fs"
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// Side by side, a second file of the same name would replace the first one.
func TestAssets_haveNamesOfTheirOwn(t *testing.T) {
	folders := make(map[string]string) // by name
	require.NoError(t, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			base := path.Base(name)
			assert.NotContains(t, folders, base, "docs/play/%s", name)
			folders[base] = path.Dir(name)
		}
		return err
	}))
	require.Len(t, Assets(), len(folders))
	require.Contains(t, Assets(), "play.js")
	for base, folder := range folders {
		if folder != "." && path.Ext(base) == ".js" {
			assert.Contains(t, Assets(), folder+".js", "the folder %s is a picture of that name", folder)
		}
	}
}

func TestRegister_servesTheScripts(t *testing.T) {
	router := new(httpd.Router)
	Register(router)
	for path, want := range map[string]int{"play.js": 200, "parser.css": 200, "parser/parser.js": 404, "../play.js": 404, "": 404} {
		parser := http1.NewParser(http1.Limits{})
		_, complete, err := parser.Parse([]byte("GET /play/" + path + " HTTP/1.1\r\nHost: me\r\n\r\n"))
		require.NoError(t, err)
		require.True(t, complete)
		var x httpd.Exchange
		x.Reset()
		require.NoError(t, x.Answer(t.Context(), router, parser.Request(), nil))
		require.Equal(t, want, x.Response.Status(), path)
		x.Reset()
	}
}
