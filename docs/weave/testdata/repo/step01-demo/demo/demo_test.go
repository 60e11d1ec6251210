package demo

import "testing"

func TestGreet_namesBoth(t *testing.T) {}

func BenchmarkGreet(b *testing.B) {}
