//go:build !linux

package process

import (
	"os/exec"
	"time"
)

// Cores says which processor cores are used: any, because this system lets nobody
// choose, or in a way that this package doesn't know.
type Cores struct{}

// Pin binds nothing here.
func Pin() (c Cores, unpin func()) { return Cores{}, func() {} }

// Pinned reports whether server and generator have a core each: never here.
func (Cores) Pinned() bool { return false }

func (Cores) start(command *exec.Cmd) error { return command.Start() }

// CPU can't tell of a process that lives: [Process.Stop] tells at its end.
func CPU(pid int) (used time.Duration, ok bool) { return 0, false }
