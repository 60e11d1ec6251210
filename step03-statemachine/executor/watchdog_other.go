//go:build !linux

package executor

// wakeWatchdog does nothing: package reactor is Linux's, and all others make ordinary system calls.
func wakeWatchdog() {}
