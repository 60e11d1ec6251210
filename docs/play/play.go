// Package play holds what all moving pictures of the book share, and the scripts of each.
//
// A moving picture is a figure of a chapter that a reader can start: it then shows what the
// tutorial's own code does, run in the book's own process. One is the folder of its name
// below this one: NAME.js and, if it needs one, NAME.css for the page, and a Go package
// for the server, which adds its routes below /live/. A chapter shows it by a comment above
// the picture that is seen until then, and where there are no scripts:
//
//	<!-- play NAME -->
//	![what the still picture shows](still.svg)
//
// The scripts are files of the built book, at play/NAME.js: a copy of the book without the
// live routes is complete, and says in the figure that the live part can't be reached.
//
// Start reading at the first lines of play.js.
package play

import (
	"embed"
	"io/fs"
	"path"
	"testing/fstest"

	"example.com/async/step02-http/httpd"
)

//go:embed play.js play.css */*.js */*.css
var files embed.FS

// Assets returns the scripts and styles of all pictures, by their names in the book's
// folder play: there they lie side by side, so that one can import "./play.js".
func Assets() map[string][]byte {
	assets := make(map[string][]byte)
	// Embedded files can all be read.
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			assets[path.Base(name)], err = files.ReadFile(name)
		}
		return err
	})
	return assets
}

// Register adds the route of the scripts and styles: also of those that no chapter shows yet.
func Register(router *httpd.Router) {
	folder := make(fstest.MapFS)
	for name, data := range Assets() {
		folder[name] = &fstest.MapFile{Data: data, Mode: 0o444}
	}
	files := httpd.Files(folder)
	router.HandleFunc("GET", "/play/{path...}", func(w *httpd.ResponseWriter, r *httpd.Request) {
		files.ServeHTTP(w, r)
		// Ask each time, with the ETag, as for the pages: the book may have been started anew.
		w.Header().Set("Cache-Control", "no-cache")
	})
}
