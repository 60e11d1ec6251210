package book

import (
	"os"
	"testing"
)

// BenchmarkBuild is what somebody waits for who starts the book.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		if _, err := Build(os.DirFS(".."), os.DirFS("../..")); err != nil {
			b.Fatal(err)
		}
	}
}
