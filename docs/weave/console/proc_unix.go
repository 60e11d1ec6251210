//go:build unix

package console

import (
	"os/exec"
	"syscall"
)

// hasGroups says whether a command and all that it starts can be ended together.
const hasGroups = true

// ownGroup makes a command the leader of a process group, so that a signal
// reaches also what it has started, as ^C in a terminal does.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func interruptGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }

// killGroup can fail only because nobody is left in the group.
func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
