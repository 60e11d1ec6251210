package grade

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestFind_ordersThemByTheirNumbers(t *testing.T) {
	root := fstest.MapFS{}
	add := func(dir, doc, exercise string) {
		if doc != "" {
			root[dir+"/doc.go"] = &fstest.MapFile{Data: []byte(doc)}
		}
		root[dir+"/exercise.go"] = &fstest.MapFile{Data: []byte(exercise)}
	}
	add("step01-tcp/exercises/zebra", "// Package zebra is exercise 1.2: count stripes.\n//\n// More.\npackage zebra\n", "package zebra\n")
	add("step01-tcp/exercises/ant", "", "//go:build !solution\n\n// Package ant is exercise 1.10: carry.\npackage ant\n")
	add("step02-http/exercises/bee", "// Package bee is exercise 2.1: hum.\npackage bee\n", "package bee\n")
	add("step01-tcp/exercises/damaged", "// Package damaged is being written.\npackage damaged\n", "pakcage {{{")
	add("step01-tcp/exercises/deep/inner", "", "package inner\n")
	root["step01-tcp/exercises/README.md"] = &fstest.MapFile{}
	root["other/exercises/x/exercise.go"] = &fstest.MapFile{}

	exercises, err := Find(root)
	require.NoError(t, err)
	require.Equal(t, []Exercise{
		{1, 2, "count stripes", "step01-tcp/exercises/zebra"},
		{1, 10, "carry", "step01-tcp/exercises/ant"},
		{1, 99, "damaged", "step01-tcp/exercises/damaged"},
		{2, 1, "hum", "step02-http/exercises/bee"},
	}, exercises)
	require.Equal(t, "step01-tcp/exercises/zebra/exercise.go", exercises[0].File())
	require.Equal(t, "1.2", exercises[0].Name())
}
