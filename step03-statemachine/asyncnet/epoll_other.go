//go:build !linux

package asyncnet

import "errors"

// NewEpoll returns an error: epoll is Linux's. [NewPortable] works everywhere.
func NewEpoll() (Network, error) {
	return nil, errors.New("epoll is there on Linux only: use -reactor portable")
}

func newBest() (Network, error) { return NewPortable(), nil }
