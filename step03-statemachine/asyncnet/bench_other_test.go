//go:build !linux

package asyncnet

// The benchmark against an epoll server is for Linux.
func serveIfBenchmark() {}
