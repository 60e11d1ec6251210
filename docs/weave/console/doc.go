// Package console runs the console sessions that the chapters show, and
// compares what is printed with what the chapter says is printed.
//
// A session is all the console blocks under one ## heading. Each block belongs
// to a terminal; it starts a command after "$ ", types after "> ", presses ^C
// or ^D, and shows what comes back. The blocks run in the order of the page,
// each one when what the one before it shows has appeared.
//
// What can't be the same twice has a form: session.go reads a block's
// attributes, pattern.go knows times, durations and ports, match.go compares
// lines in full or partial order, ports.go moves every address to a free port.
// program.go builds what go run names, overlay.go makes a chapter's changes.
// runner.go sets all of it up, and is the place to start reading; play.go is the
// play itself; terminal.go owns a process and its output.
package console
