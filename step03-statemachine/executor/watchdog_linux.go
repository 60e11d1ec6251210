package executor

import "syscall"

// wakeWatchdog wakes Go's watchdog, which interrupts a goroutine that computes for more than 10 ms (sysmon, in
// GOROOT's runtime/proc.go). It sleeps while the program is idle; an ordinary system call wakes it, and so does
// its next timer. But package reactor makes raw calls, which tell Go's scheduler nothing. So a goroutine that is
// started for the first request after a pause might keep its processor for up to a minute.
//
// Once at the end of each Park would help every goroutine, but took a server with one client, which is idle between
// two requests, a fifth more processor time. So only who starts what may compute calls it.
func wakeWatchdog() { _, _, _ = syscall.Syscall(syscall.SYS_GETPID, 0, 0, 0) }
