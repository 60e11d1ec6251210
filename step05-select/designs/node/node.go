// Package node holds the small chat room as a file for Node.js: the design that package server can't have. It is
// the same room: see there.
//
// chat.js is the whole of it, and runs by itself: node chat.js -addr 127.0.0.1:8080.
package node

import (
	_ "embed" // for chat.js
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

//go:embed chat.js
var script []byte

// Script is the name of the file that Install writes.
const Script = "chat.js"

// Install writes the script into a folder, so that it can be started like a program. The error says why
// it can't run here, in words for a reader.
func Install(folder string) error {
	if runtime.GOOS == "windows" {
		return errors.New("a script is no program on Windows") // it has no first line that names its interpreter
	}
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New("node is not installed")
	}
	return os.WriteFile(filepath.Join(folder, Script), script, 0o700)
}
