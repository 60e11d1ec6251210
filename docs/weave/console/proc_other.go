//go:build !unix

package console

import (
	"errors"
	"os/exec"
)

// Without a POSIX shell nothing here is reached: New refuses.

const hasGroups = false

func ownGroup(*exec.Cmd) {}

func interruptGroup(*exec.Cmd) error { return errors.ErrUnsupported }

func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() }
