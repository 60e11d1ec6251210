package play

import (
	"io/fs"
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
