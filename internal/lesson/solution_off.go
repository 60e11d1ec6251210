//go:build !solution

package lesson

// solutionBuild says whether this is go test -tags solution, in which each
// exercise's solution.go stands in for its exercise.go.
const solutionBuild = false
