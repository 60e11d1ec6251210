package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/weave"
)

func TestChapters_quoteAndNameOnlyWhatIsThere(t *testing.T) {
	root, err := weave.Root(".")
	require.NoError(t, err)
	problems, err := weave.Check(root)
	require.NoError(t, err)
	for _, p := range problems {
		t.Error(p)
	}
}
