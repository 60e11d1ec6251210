package grade

import (
	"os/exec"
	"strconv"
)

// endTogether makes what the command starts end with it, when its context ends.
func endTogether(command *exec.Cmd) {
	command.Cancel = func() error {
		return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(command.Process.Pid)).Run()
	}
}

// endRest would end what a command that has ended has left behind: Windows no longer knows whose it
// was. It ends by its own time limit.
func endRest(*exec.Cmd) {}
