package console

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"example.com/async/docs/weave"
)

// withBreaks is the environment in which the go command sees the repository as
// a reader has it who has made the changes. The files themselves stay as they are.
func (r *Runner) withBreaks(breaks []weave.Break) ([]string, error) {
	if len(breaks) == 0 {
		return r.env, nil
	}
	dir := filepath.Join(r.dir, "overlays", strconv.Itoa(r.overlays))
	r.overlays++
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for i, change := range breaks {
		original := filepath.Join(r.root, filepath.FromSlash(change.File))
		changed := filepath.Join(dir, strconv.Itoa(i)+filepath.Ext(original))
		current := original
		if earlier, ok := overlay.Replace[original]; ok {
			current = earlier
		}
		text, err := os.ReadFile(current)
		if err != nil {
			return nil, err
		}
		after, err := change.Apply(string(text))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(changed, []byte(after), 0o644); err != nil {
			return nil, err
		}
		overlay.Replace[original] = changed
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	flags := "GOFLAGS=-overlay=" + file
	for _, pair := range r.env {
		if value, ok := strings.CutPrefix(pair, "GOFLAGS="); ok && value != "" {
			flags += " " + value
		}
	}
	return append(r.env[:len(r.env):len(r.env)], flags), nil
}
