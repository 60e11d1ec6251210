//go:build !unix && !windows

package grade

import "os/exec"

func endTogether(*exec.Cmd) {}

func endRest(*exec.Cmd) {}
