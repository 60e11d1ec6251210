// Package demo is what the test chapters quote.
package demo

import "fmt"

// A Greeter greets.
type Greeter struct {
	// Name is who greets.
	Name string
}

// Greet says hello to somebody.
func (g *Greeter) Greet(whom string) string {
	// region sentence
	text := fmt.Sprintf("%s: hello, %s", g.Name, whom)
	// endregion sentence

	return text
}

// The tones of a greeting.
const (
	Plain  = iota
	Solemn // slowly
)

// List is generic.
type List[T any] struct{ items []T }

// Add adds.
func (l *List[T]) Add(item T) { l.items = append(l.items, item) }
