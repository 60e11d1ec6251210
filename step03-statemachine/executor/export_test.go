package executor

// GoroutineNumber tells tests which goroutine they are on.
var GoroutineNumber = goroutineNumber

// BlockingMax is how many functions of SpawnBlocking run at a time.
const BlockingMax = blockingMax
