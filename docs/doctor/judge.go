package doctor

import (
	"errors"
	"fmt"
	"math"

	goversion "go/version"

	"example.com/async/docs/progress/grade"
)

// oldestGo is what go.mod asks for.
const oldestGo = "go1.26"

// In a demonstration with 10,000 connections, server and clients are processes of
// their own: each holds one end of every connection, and some more files.
const (
	shownConnections = 10_000
	filesOfItsOwn    = 100
	wantedFiles      = shownConnections + filesOfItsOwn
)

func judgeGo(env grade.Environment, err error) finding {
	switch {
	case err != nil:
		return finding{"Go", problem, fmt.Sprintf("the go command does not answer: %v", err), "install Go 1.26 or later from https://go.dev/dl/, and open a new terminal"}
	// A version that is no release ("devel ...") compares as older than all.
	case goversion.IsValid(env.GOVERSION) && goversion.Compare(env.GOVERSION, oldestGo) < 0:
		return finding{"Go", problem, env.GOVERSION + " is too old", "install Go 1.26 or later from https://go.dev/dl/"}
	}
	return finding{"Go", good, fmt.Sprintf("%s %s/%s", env.GOVERSION, env.GOOS, env.GOARCH), ""}
}

func judgeCheckout(root string) finding {
	if root == "" {
		return finding{"checkout", problem, "this folder is not the repository of the tutorial, nor in it", "change to the folder with the tutorial's go.mod, and run the doctor there"}
	}
	return finding{"checkout", good, root, ""}
}

func judgeLoopback(err error) finding {
	if err != nil {
		return finding{"loopback", problem, err.Error(), "a firewall, a VPN or a sandbox forbids programs to talk to themselves over 127.0.0.1: allow it"}
	}
	return finding{"loopback", good, "opened, dialled, half-closed", ""}
}

// judgeOpenFiles gets what [program.FileLimit] says: the soft limit, which a Go program raises to
// the hard one when it starts. So that is the one to raise.
func judgeOpenFiles(limit int) finding {
	switch {
	case limit == math.MaxInt:
		return finding{"open files", good, "this system sets no limit for a process", ""}
	case limit < wantedFiles:
		return finding{"open files", note,
			fmt.Sprintf("%d at once: the demonstrations with %d connections will reach about %d", limit, shownConnections, max(0, limit-filesOfItsOwn)),
			fmt.Sprintf("raise the hard limit to %d (ulimit -Hn shows it), or ask for fewer connections; all else works", wantedFiles)}
	}
	return finding{"open files", good, fmt.Sprintf("%d at once", limit), ""}
}

func judgeNetcat(path string, missing, tried error) finding {
	switch {
	case missing != nil:
		return finding{"nc", note, "there is none", "where a chapter says nc, type: go run ./docs nc"}
	case tried != nil:
		return finding{"nc", note, fmt.Sprintf("%s: %v", path, tried), "where a chapter says nc, type nc -N, or: go run ./docs nc"}
	}
	return finding{"nc", good, path, ""}
}

func judgePort(port, user string, err error) finding {
	subject := "port " + port
	if err != nil {
		return finding{subject, note, "taken: perhaps by " + user + ", if that runs now", "stop what has it, or choose another port with -addr 127.0.0.1:0"}
	}
	return finding{subject, good, "free", ""}
}

// judgeRace: -race is not necessary, so its absence is never a problem.
func judgeRace(env grade.Environment, refusal, compiler error) finding {
	const subject = "race detector"
	if env.GOVERSION == "" {
		return finding{subject, note, "unknown, without Go", ""}
	}
	switch err := grade.JudgeRace(env, refusal, compiler); {
	case errors.Is(err, grade.ErrNoCompiler):
		return finding{subject, note, err.Error(), compilerAdvice(env.GOOS)}
	case errors.Is(err, grade.ErrNoCgo):
		return finding{subject, note, err.Error(), "go env -w CGO_ENABLED=1, or leave out -race where a chapter says it"}
	case err != nil:
		return finding{subject, note, err.Error(), "leave out -race where a chapter says it"}
	case env.GOOS == "darwin":
		return finding{subject, good, "usable", ""}
	}
	return finding{subject, good, "usable, with the C compiler " + env.CC, ""}
}

func compilerAdvice(goos string) string {
	how := "install gcc or clang"
	if goos == "windows" {
		how = "install a gcc for Windows (MinGW-w64, from https://www.msys2.org/)"
	}
	return how + ", or leave out -race where a chapter says it"
}
