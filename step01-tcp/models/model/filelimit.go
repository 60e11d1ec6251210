package model

// otherFiles is how many descriptors a process is left for all that is not a
// connection: its pipes, its listener, its epoll, and the few that are closed a moment later.
const otherFiles = 32

// fitFileLimit returns how many of n connections a process may hold, at least 1.
func fitFileLimit(n, limit int) int { return max(1, min(n, limit-otherFiles)) }
