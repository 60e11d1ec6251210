package main_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/docs/weave"
	"example.com/async/docs/weave/console"
	"example.com/async/internal/lesson"
)

// One session is run by, for example:
//
//	go test ./docs -run 'Sessions/01-tcp/Measure'
//	go test ./docs -run 'Sessions/workshop/01-tcp/silent'
func TestChapters_consoleSessionsPrintWhatTheyShow(t *testing.T) {
	lesson.PlainOnly(t, "it builds and runs the programs of all steps")
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	root, err := weave.Root(".")
	require.NoError(t, err)
	chapters, err := weave.ReadChapters(root)
	require.NoError(t, err)
	runner, err := console.New(root, map[string]console.Tool{
		// Netcats differ in what they do when their input ends, and Windows has none.
		"nc": {Package: "./docs", Args: []string{"nc"}},
	})
	if errors.Is(err, console.ErrNoShell) || errors.Is(err, console.ErrNested) {
		t.Skip(err)
	}
	require.NoError(t, err)
	defer func() { require.NoError(t, runner.Close()) }()

	// A test that runs out of time is killed, and its servers are not.
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-10*time.Second))
		defer cancel()
	}
	for _, c := range chapters {
		// Below docs, because a chapter and the script for its presenter have the same base.
		t.Run(strings.TrimPrefix(strings.TrimSuffix(c.Path, ".md"), "docs/"), func(t *testing.T) {
			sessions, problems := console.Parse(c)
			for _, p := range problems {
				t.Error(p)
			}
			for _, s := range sessions {
				t.Run(s.Title, func(t *testing.T) {
					err := runner.Run(ctx, s)
					if missing := (*console.MissingError)(nil); errors.As(err, &missing) {
						t.Skip(err)
					}
					require.NoError(t, err)
				})
			}
		})
	}
}
