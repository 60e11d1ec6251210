// Package book makes a web site of the tutorial's chapters, in memory, once.
//
// [Build] reads the Markdown files NN-name.md, and gives back a [Site]: a file
// system of finished pages that any file server can serve. Nothing is rendered
// while a reader waits, and no page needs the network.
//
//   - build.go: the order of the work, and the [Site];
//   - chapter.go: what a chapter says about itself;
//   - markdown.go: from Markdown to HTML, with goldmark;
//   - guide.go: the pages for those who teach;
//   - link.go: where a link of a chapter leads in the book;
//   - code.go, console.go: code blocks and shell sessions, with chroma;
//   - source.go, symbol.go: pages that show the repository's own files;
//   - play.go: pictures that the reader can start;
//   - slides.go, slides.html: the marked parts of a chapter as slides;
//   - search.go: what the search in the browser looks through;
//   - page.go, page.html, assets/: the frame around it all;
//   - compress.go: each file once more, in fewer bytes;
//   - live.go: what the pages need that are made while a reader waits;
//   - handler.go: the site behind step 2's server.
//
// Start reading at [Build].
package book
