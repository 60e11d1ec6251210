//go:build generate

// go generate sets the tag above; no build does, so this file is only a place
// for the commands that keep the chapters current.

//go:generate go run ./weave/cmd/weave

package main
