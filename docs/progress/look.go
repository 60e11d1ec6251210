package progress

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
)

// fingerprint is a hash of the Go files in a folder. Editors write a file in three ways and make other files
// beside it, and a file may be saved as it was; so it is the content that tells whether something has changed.
func fingerprint(dir string) [sha256.Size]byte {
	hash := sha256.New()
	entries, _ := os.ReadDir(dir) // none: a folder that is gone has a fingerprint, too
	for _, entry := range entries {
		if !isSource(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			continue // it goes at this moment, and the next look will see it
		}
		content := sha256.Sum256(text)
		hash.Write(append([]byte(entry.Name()+"\x00"), content[:]...))
	}
	return [sha256.Size]byte(hash.Sum(nil))
}

// isSource reports whether the go command would look at a file of this name. The draft of an editor begins with a
// point or ends in something else.
func isSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}
