package memnet

import (
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// A cause is what errors of package net, on whatever system, come down to.
type cause struct {
	name string
	errs []error
}

var (
	isEOF        = cause{"end of the stream", []error{io.EOF}}
	isTimeout    = cause{"deadline exceeded", []error{os.ErrDeadlineExceeded}}
	isClosed     = cause{"closed at this end", []error{net.ErrClosed}}
	isReset      = cause{"connection reset", resetErrors}
	isBrokenPipe = cause{"broken pipe", brokenPipeErrors}
	isRefused    = cause{"connection refused", refusedErrors}
)

// requireCause expects one of the causes, in the wrapping that package net gives it.
func requireCause(t *testing.T, err error, causes ...cause) {
	t.Helper()
	require.Error(t, err)
	found := slices.ContainsFunc(causes, func(c cause) bool {
		return slices.ContainsFunc(c.errs, func(target error) bool { return errors.Is(err, target) })
	})
	require.True(t, found, "got error %v, want %v", err, causes)
	if err == io.EOF {
		return
	}
	var opErr *net.OpError
	require.ErrorAs(t, err, &opErr)
	require.Equal(t, "tcp", opErr.Net)
	require.Equal(t, errors.Is(err, os.ErrDeadlineExceeded), opErr.Timeout())
}
