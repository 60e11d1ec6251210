// Package weave keeps the chapters true: their prose stands in Markdown files
// under docs, their code stands in the steps, and HTML comments that no reader
// sees tie the two together.
//
// A comment names a file and a symbol; the block after it must equal that
// symbol's source ([Rewrite] makes it equal, [Check] says where it is not). The
// same comments mark what is wrong on purpose, what is only a sketch, and which
// command measured a figure. Check also follows every link, anchor, path,
// package and test name in the prose.
//
// Start with [Check]; chapter.go reads a file into a [Chapter], quote.go finds
// the source, and every other file is one kind of check. What a chapter's
// console sessions print is checked by the package console below this one. How
// an author writes all of it is in README.md.
package weave
