//go:build !unix

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "gnet's event loop is measured on Unix systems only")
	os.Exit(1)
}
