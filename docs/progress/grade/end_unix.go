//go:build unix

package grade

import (
	"os/exec"
	"syscall"
)

// endTogether makes what the command starts end with it, when its context ends: all of
// it is a process group of its own. So a Ctrl-C in the terminal reaches it only through the context.
func endTogether(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return endGroup(command) }
}

// endRest ends what a command that has ended has left behind: go test does not end the children of a
// test that it stops.
func endRest(command *exec.Cmd) { _ = endGroup(command) } // there may be none left

func endGroup(command *exec.Cmd) error {
	return syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
}
